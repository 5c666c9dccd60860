package flux

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template/parse"
)

// pipe evaluates a pipeline: each command's value is the last argument of the
// next.
func (f *filling) pipe(dot any, pipe *parse.PipeNode) (value any) {
	f.at = pipe
	for i, cmd := range pipe.Cmds {
		if i == 0 {
			value = f.command(dot, cmd)
		} else {
			value = f.command(dot, cmd, value)
		}
	}
	for _, v := range pipe.Decl {
		f.set(v.Ident[0], value, pipe.IsAssign)
	}
	return value
}

// command evaluates one command of a pipeline.
func (f *filling) command(dot any, cmd *parse.CommandNode, last ...any) any {
	first, given := cmd.Args[0], len(cmd.Args) > 1 || len(last) > 0
	switch n := first.(type) {
	case *parse.IdentifierNode:
		f.at = n
		return f.call(dot, cmd, n.Ident, cmd.Args[1:], last)
	case *parse.ChainNode:
		if given {
			f.value(dot, n.Node)
			f.fail("%s is not a method but has arguments", n.Field[len(n.Field)-1])
		}
	case *parse.NilNode:
		f.at = n
		f.fail("nil is not a command")
	}
	f.at = first
	if given {
		f.fail("can't give argument to non-function %s", first)
	}
	return f.value(dot, first)
}

// value evaluates an argument.
func (f *filling) value(dot any, node parse.Node) any {
	f.at = node
	switch n := node.(type) {
	case *parse.DotNode:
		return dot
	case *parse.NilNode:
		return nil
	case *parse.BoolNode:
		return n.True
	case *parse.StringNode:
		return n.Text
	case *parse.NumberNode:
		return number(n)
	case *parse.FieldNode:
		return f.field(dot, n.Ident)
	case *parse.VariableNode:
		return f.field(f.variable(n.Ident[0]), n.Ident[1:])
	case *parse.ChainNode:
		return f.field(f.value(dot, n.Node), n.Field)
	case *parse.PipeNode:
		return f.pipe(dot, n)
	case *parse.IdentifierNode:
		return f.call(dot, n, n.Ident, nil, nil)
	}
	f.fail("can't handle %s", node)
	return nil
}

func number(n *parse.NumberNode) any {
	if n.IsInt && (!n.IsFloat || !strings.ContainsAny(n.Text, ".eEpP") || strings.HasPrefix(n.Text, "0x")) {
		return int(n.Int64)
	}
	return n.Float64
}

// field follows the names of members from a value. One that is not there is
// an error.
func (f *filling) field(v any, names []string) any {
	for _, name := range names {
		switch m := v.(type) {
		case map[string]any:
			member, ok := m[name]
			if !ok {
				f.fail("map has no entry for key %q", name)
			}
			v = member
		case noData:
			f.fail("nil data; no entry for key %q", name)
		case nil:
			f.fail("nil pointer evaluating interface {}.%s", name)
		default:
			f.fail("can't evaluate field %s in type interface {}", name)
		}
	}
	return v
}

// call calls a function; last is the value from the command before, if any.
func (f *filling) call(dot any, node parse.Node, name string, args []parse.Node, last []any) (out any) {
	if name == "and" || name == "or" { // these need not evaluate all of their arguments
		for i, arg := range args {
			out = f.value(dot, arg)
			if isTrue(out) == (name == "or") || i == len(args)-1 && last == nil {
				return out
			}
		}
		if last == nil {
			f.fail("wrong number of args for %s: want at least 1 got 0", name)
		}
		return last[0]
	}
	fn := reflect.ValueOf(f.functions[name])
	in := f.arguments(dot, name, fn.Type(), args, last)
	f.at = node
	defer func() {
		switch p := recover().(type) {
		case nil:
		case fillError:
			panic(p)
		default:
			f.fail("error calling %s: %v", name, p)
		}
	}()
	results := fn.Call(in)
	if len(results) == 2 && !results[1].IsNil() {
		f.fail("error calling %s: %v", name, results[1].Interface())
	}
	return results[0].Interface()
}

// arguments evaluates what a function is called with.
func (f *filling) arguments(dot any, name string, t reflect.Type, args []parse.Node, last []any) []reflect.Value {
	fixed, n := t.NumIn(), len(args)+len(last)
	if t.IsVariadic() {
		if fixed--; n < fixed {
			f.fail("wrong number of args for %s: want at least %d got %d", name, fixed, n)
		}
	} else if n != fixed {
		f.fail("wrong number of args for %s: want %d got %d", name, fixed, n)
	}
	want := func(i int) reflect.Type {
		if i < fixed {
			return t.In(i)
		}
		return t.In(fixed).Elem()
	}
	var in []reflect.Value
	for i, arg := range args {
		v := f.value(dot, arg)
		f.constant(arg, v, want(i))
		in = append(in, f.fitting(v, want(i)))
	}
	for _, v := range last {
		in = append(in, f.fitting(v, want(len(in))))
	}
	return in
}

// constant refuses a constant of another type than is wanted.
func (f *filling) constant(arg parse.Node, v any, want reflect.Type) {
	names := map[reflect.Kind]string{reflect.String: "string", reflect.Int: "integer", reflect.Bool: "boolean"}
	switch arg.(type) {
	case *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
		if expected := names[want.Kind()]; expected != "" && reflect.TypeOf(v) != want {
			f.fail("expected %s; found %s", expected, arg)
		}
	}
}

// fitting brings a value to the type a function takes.
func (f *filling) fitting(v any, want reflect.Type) reflect.Value {
	if v == (noData{}) {
		if v = nil; want.Kind() != reflect.Interface {
			f.fail("invalid value; expected %s", want)
		}
	}
	switch r := reflect.ValueOf(v); {
	case v == nil && want.Kind() == reflect.Interface:
		return reflect.Zero(want)
	case v == nil:
		f.fail("wrong type for value; expected %s; got interface {}", want)
	case !r.Type().AssignableTo(want):
		f.fail("wrong type for value; expected %s; got %s", want, r.Type())
	}
	return reflect.ValueOf(v)
}

// builtins are those functions of text/template that make sense on JSON
// values. and and or are only named here: call knows them.
var builtins = map[string]any{
	"and": isTrue, "or": isTrue,
	"not":     func(v any) bool { return !isTrue(v) },
	"len":     func(v any) int { return reflect.ValueOf(v).Len() },
	"index":   index,
	"print":   fmt.Sprint,
	"printf":  fmt.Sprintf,
	"println": fmt.Sprintln,
	"eq": func(a any, others ...any) (bool, error) {
		if len(others) == 0 {
			return false, errors.New("missing argument for comparison")
		}
		for _, b := range others {
			same, err := equal(a, b)
			if same || err != nil {
				return same, err
			}
		}
		return false, nil
	},
	"ne": func(a, b any) (bool, error) { same, err := equal(a, b); return !same, err },
	"lt": func(a, b any) (bool, error) { c, err := ordering(a, b); return c < 0, err },
	"le": func(a, b any) (bool, error) { c, err := ordering(a, b); return c <= 0, err },
	"gt": func(a, b any) (bool, error) { c, err := ordering(a, b); return c > 0, err },
	"ge": func(a, b any) (bool, error) { c, err := ordering(a, b); return c >= 0, err },
}

// index looks members and items up.
func index(v any, keys ...any) (any, error) {
	for _, key := range keys {
		switch in := v.(type) {
		case map[string]any:
			name, ok := key.(string)
			if !ok {
				return nil, fmt.Errorf("value has type %T; should be string", key)
			}
			v = in[name]
		case nil:
			return nil, errors.New("index of untyped nil")
		default:
			list, i := items(v), reflect.ValueOf(key)
			switch {
			case reflect.ValueOf(v).Kind() != reflect.Slice:
				return nil, fmt.Errorf("can't index item of type %T", v)
			case !i.CanInt():
				return nil, fmt.Errorf("cannot index slice/array with type %T", key)
			case i.Int() < 0 || i.Int() >= int64(len(list)):
				return nil, fmt.Errorf("index out of range: %d", i.Int())
			}
			v = list[i.Int()]
		}
	}
	return v, nil
}

func equal(a, b any) (bool, error) {
	if a == nil || b == nil {
		return a == b, nil
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case x.CanInt() && y.CanInt():
		return x.Int() == y.Int(), nil
	case x.Kind() != y.Kind():
		return false, fmt.Errorf("incompatible types for comparison: %v and %v", x.Type(), y.Type())
	case !x.Comparable():
		return false, fmt.Errorf("non-comparable type %s: %v", a, x.Type())
	}
	return a == b, nil
}

func ordering(a, b any) (int, error) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case x.CanInt() && y.CanInt():
		return cmp.Compare(x.Int(), y.Int()), nil
	case x.Kind() != y.Kind():
		return 0, fmt.Errorf("incompatible types for comparison: %v and %v", x.Type(), y.Type())
	case x.CanFloat():
		return cmp.Compare(x.Float(), y.Float()), nil
	case x.Kind() == reflect.String:
		return strings.Compare(x.String(), y.String()), nil
	}
	return 0, errors.New("invalid type for comparison")
}
