package exitcode

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{nil, OK, ""},
		{errors.New("unknown flag: --nope"), Usage, "tenantry: unknown flag: --nope; see tenantry --help\n"},
		{With(Unknown, errors.New("two\n  lines")), Unknown, "tenantry: two lines\n"},
		{fmt.Errorf("status: %w", With(Unknown, errors.New("refused"))), Unknown, "tenantry: status: refused\n"},
		{&Error{Code: Unhealthy}, Unhealthy, ""},
		{With(Unknown, &Error{Code: TimedOut}), TimedOut, ""},
		{With(Unknown, fmt.Errorf("read: %w", context.Canceled)), Interrupted, "tenantry: interrupted\n"},
		{With(Unknown, errors.New("sh\x1b[31mop\a")), Unknown, "tenantry: shop\n"},
		{With(Unknown, nil), OK, ""},
	} {
		var b strings.Builder
		if code := Report(&b, c.err); code != c.code || b.String() != c.says {
			t.Errorf("%v: %d %q, want %d %q", c.err, code, b.String(), c.code, c.says)
		}
	}
}
