package flux

import (
	"strings"
	"testing"
	"text/template"
)

// TestFillAsTextTemplate fills templates with this package's filling and with
// text/template: texts and errors are the same, word for word.
func TestFillAsTextTemplate(t *testing.T) {
	inputs := Object{"name": "team-a", "n": int64(3), "f": 1.5, "yes": true, "no": false, "empty": "", "nothing": nil,
		"list": []any{"x", "y", int64(1)}, "none": []any{}, "map": Object{"b": "2", "a": Object{"deep": "d"}}}
	for _, text := range []string{
		"", " \n ", "plain", "<< inputs.name >>", "a<<- inputs.name ->>  b", "<</* a comment */>>x",
		"<< inputs.none >>|<< inputs.nothing >>|<< inputs.n >>|<< inputs.f >>|<< inputs.yes >>|<< inputs.list >>|<< inputs.map >>",
		"<< inputs.missing >>", "<< inputs.map.a.deep >>", "<< inputs.map.a.missing >>", "<< inputs.name.x >>", "<< inputs.nothing.x >>",
		"<< (inputs).name >>", "<< inputs.name | upper >>", "<< inputs.name | trunc 4 | quote >>", "<< upper inputs.name >>", "<< .x >>", "<< . >>", "<< $ >>", "<< $.x >>", "<< print . >>", "<< if . >>x<< end >>", "<< upper . >>",
		"<< if inputs.yes >>y<< else >>n<< end >><< if inputs.no >>y<< else if inputs.n >>m<< else >>n<< end >>",
		"<< if inputs.empty >>y<< end >><< if inputs.none >>y<< end >><< if inputs.nothing >>y<< end >><< if inputs.map >>y<< end >><< if 0 >>y<< end >>",
		"<< with inputs.map >><< .b >><< $.x >><< end >>", "<< with inputs.empty >>y<< else >>n<< end >>", "<< with $x := inputs.map.a >><< $x.deep >><< .deep >><< end >>",
		"<< range inputs.list >>[<< . >>]<< end >>", "<< range inputs.none >>x<< else >>none<< end >>", "<< range inputs.nothing >>x<< else >>none<< end >>",
		"<< range $i, $v := inputs.list >><< $i >>=<< $v >>;<< end >>", "<< range $v := inputs.map >><< $v >>;<< end >>", "<< range $k, $v := inputs.map >><< $k >>=<< $v >>;<< end >>",
		"<< range inputs.list >><< if eq . \"y\" >><< break >><< end >><< . >><< end >>", "<< range $v := inputs.list >><< if eq $v \"x\" >><< continue >><< end >>k<< end >>",
		"<< range inputs.name >>x<< end >>", "<< range inputs.n >><< . >><< end >>", "<< range $i := 3 >><< $i >><< end >>",
		"<< $x := 1 >><< range inputs.list >><< $x = add $x 1 >><< end >><< $x >>", "<< $x >>", "<< $x := inputs.name >><< if true >><< $x := 2 >><< $x >><< end >><< $x >>",
		"<< and inputs.yes inputs.name >>", "<< and inputs.no inputs.missing >>", "<< or inputs.name inputs.missing >>", "<< or inputs.no inputs.empty >>", "<< inputs.name | or inputs.no >>", "<< inputs.no | and inputs.yes >>", "<< and >>",
		"<< not inputs.yes >>", "<< not (eq inputs.n 3) >>", "<< eq inputs.n 3 >>", "<< eq inputs.name \"a\" \"team-a\" >>", "<< eq inputs.name 1 >>", "<< eq inputs.nothing nil >>", "<< eq inputs.map inputs.map >>", "<< eq 1 >>",
		"<< ne inputs.n 3 >>", "<< lt inputs.n 4 >><< le inputs.n 3 >><< gt inputs.f 1.0 >><< ge inputs.name \"a\" >>", "<< lt inputs.n inputs.name >>", "<< lt inputs.yes inputs.no >>",
		"<< len inputs.list >><< len inputs.map >><< len inputs.name >>", "<< index inputs.list 1 >>", "<< index inputs.list 9 >>", "<< index inputs.map \"b\" >>", "<< index inputs.map \"z\" >>", "<< index inputs.map \"a\" \"deep\" >>", "<< index inputs.list \"x\" >>",
		"<< print inputs.name 1 2 >>", "<< printf \"%s-%d\" inputs.name inputs.n >>", "<< println inputs.n >>",
		"<< inputs.n | add1 >>", "<< default \"d\" inputs.empty >>", "<< inputs.empty | default \"d\" >>", "<< ternary \"a\" \"b\" inputs.yes >>", "<< ternary \"a\" \"b\" inputs.name >>",
		"<< join \",\" inputs.list >>", "<< list 1 \"a\" | toJson >>", "<< toYaml inputs.map | nindent 2 >>", "<< trunc \"a\" \"b\" >>", "<< trunc inputs.n inputs.name >>", "<< upper 1 >>", "<< upper >>", "<< upper inputs.name inputs.name >>", "<< upper inputs.nothing >>", "<< inputs.name 1 >>",
		"<< last inputs.n >>", "<< nosuch >>", "<< if >>x<< end >>", "<< inputs.name", "<< end >>", "<< \"s\" >>'<< `raw` >>'<< 'c' >>", "<< 1.0 >> << 0x10 >> << 1e3 >>", "<< true >> << nil >>", "<< inputs.list | first | upper >>",
		"<< 1 | inputs.name >>", "<< slugify \"A b/c\" >>-<< inputs.f | int >>", "x: << inputs.name >>\ny:\n  - << inputs.missing >>\n",
	} {
		got, gotErr := fill(text, inputs)
		want, wantErr := theirs(text, inputs)
		if gotErr != nil || wantErr != nil {
			got, want = errorText(gotErr), errorText(wantErr)
		}
		if got != want {
			t.Errorf("%s\ngave %q\nwant %q", text, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return "no error"
	}
	return "error: " + err.Error()
}

func theirs(text string, inputs Object) (string, error) {
	t, err := template.New("resourceset").Delims("<<", ">>").Funcs(templateFunctions).
		Funcs(template.FuncMap{"inputs": func() any { return inputs }}).Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}
