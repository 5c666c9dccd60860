package flux

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// fill fills a template in Go's language with << >> around what is not text.
// The package text/template itself finds methods by name, for which the linker
// keeps every method there is: tenantry would be a fifth larger, demo or not.
// Templates of a ResourceSet see no methods, only JSON values.
func fill(text string, inputs Object) (out string, err error) {
	functions := maps.Clone(templateFunctions)
	maps.Copy(functions, builtins)
	functions["inputs"] = func() any { return inputs }
	trees, err := parse.Parse("resourceset", text, "<<", ">>", functions)
	if err != nil {
		return "", err
	}
	tree := trees["resourceset"]
	if tree == nil {
		return "", nil // nothing but space
	}
	f := &filling{tree: tree, functions: functions, at: tree.Root}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case fillError:
			err = p
		default:
			panic(p)
		}
	}()
	f.walk(noData{}, tree.Root)
	return f.out.String(), nil
}

// filling is a template being filled. It panics with a fillError.
type filling struct {
	tree      *parse.Tree
	functions map[string]any
	variables []variable
	at        parse.Node
	out       strings.Builder
}

type variable struct {
	name  string
	value any
}

type fillError struct{ message string }

func (e fillError) Error() string { return e.message }

// fail words an error as text/template does.
func (f *filling) fail(format string, args ...any) {
	location, context := f.tree.ErrorContext(f.at)
	panic(fillError{fmt.Sprintf("template: %s: executing %q at <%s>: ", location, "resourceset", context) + fmt.Sprintf(format, args...)})
}

// flow is how a list of nodes ended.
type flow uint8

const (
	goOn flow = iota
	breakOff
	nextRound
)

func (f *filling) walk(dot any, node parse.Node) flow {
	f.at = node
	switch n := node.(type) {
	case *parse.ListNode:
		for _, item := range n.Nodes {
			if how := f.walk(dot, item); how != goOn {
				return how
			}
		}
	case *parse.TextNode:
		f.out.Write(n.Text)
	case *parse.CommentNode:
	case *parse.ActionNode:
		value := f.pipe(dot, n.Pipe)
		if len(n.Pipe.Decl) == 0 {
			f.out.WriteString(shown(value))
		}
	case *parse.IfNode:
		return f.choose(dot, n.Pipe, n.List, n.ElseList, false)
	case *parse.WithNode:
		return f.choose(dot, n.Pipe, n.List, n.ElseList, true)
	case *parse.RangeNode:
		f.each(dot, n)
	case *parse.BreakNode:
		return breakOff
	case *parse.ContinueNode:
		return nextRound
	default:
		f.fail("this cluster does not know %s", node)
	}
	return goOn
}

func shown(v any) string {
	if v == nil || v == (noData{}) {
		return "<no value>"
	}
	return fmt.Sprint(v)
}

func (f *filling) choose(dot any, pipe *parse.PipeNode, list, otherwise *parse.ListNode, with bool) flow {
	defer f.forget(len(f.variables))
	value := f.pipe(dot, pipe)
	switch {
	case isTrue(value) && with:
		return f.walk(value, list)
	case isTrue(value):
		return f.walk(dot, list)
	case otherwise != nil:
		return f.walk(dot, otherwise)
	}
	return goOn
}

// forget ends the variables declared since there were n.
func (f *filling) forget(n int) { f.variables = f.variables[:n] }

func isTrue(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Slice, reflect.Map, reflect.String:
		return r.Len() > 0
	default:
		return !r.IsZero()
	}
}

func (f *filling) each(dot any, n *parse.RangeNode) {
	defer f.forget(len(f.variables))
	value := f.pipe(dot, n.Pipe)
	var keys, values []any
	switch r := reflect.ValueOf(value); r.Kind() {
	case reflect.Invalid:
	case reflect.Slice:
		for i := range r.Len() {
			keys, values = append(keys, i), append(values, r.Index(i).Interface())
		}
	case reflect.Map:
		m, ok := value.(map[string]any)
		if !ok {
			f.fail("range can't iterate over %v", value)
		}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			keys, values = append(keys, k), append(values, m[k])
		}
	case reflect.Int, reflect.Int64:
		for i := range int(r.Int()) {
			keys, values = append(keys, i), append(values, i)
		}
	default:
		f.fail("range can't iterate over %v", value)
	}
	if len(values) == 0 && n.ElseList != nil {
		f.walk(dot, n.ElseList)
	}
	mark := len(f.variables)
	for i := range values {
		switch decl := n.Pipe.Decl; len(decl) {
		case 1:
			f.set(decl[0].Ident[0], values[i], true) // the pipeline declared it
		case 2:
			f.set(decl[0].Ident[0], keys[i], true)
			f.set(decl[1].Ident[0], values[i], true)
		}
		how := f.walk(values[i], n.List)
		f.forget(mark)
		if how == breakOff {
			return
		}
	}
}

// set declares a variable, or gives one another value.
func (f *filling) set(name string, value any, assign bool) {
	if !assign {
		f.variables = append(f.variables, variable{name, value})
		return
	}
	for i := len(f.variables) - 1; i >= 0; i-- {
		if f.variables[i].name == name {
			f.variables[i].value = value
			return
		}
	}
	f.fail("undefined variable: %s", name)
}

func (f *filling) variable(name string) any {
	for i := len(f.variables) - 1; i >= 0; i-- {
		if f.variables[i].name == name {
			return f.variables[i].value
		}
	}
	return noData{} // $ itself
}

// noData is what a ResourceSet's templates are given: all they see comes from
// functions.
type noData struct{}
