package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// audited are the entries of the API server's audit log of the dashboard, from
// an offset on.
type audited struct {
	Verb, RequestURI, UserAgent string
	User                        struct{ Username string }
	ObjectRef                   struct{ Resource, Namespace, Name, Subresource string }
	ResponseStatus              struct{ Code int }
}

func auditEnd(t *testing.T) int64 {
	t.Helper()
	info, err := os.Stat(lab.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func audit(t *testing.T, from int64) []audited {
	t.Helper()
	f, err := os.Open(lab.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	var out []audited
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte(`"userAgent":"tenantry`)) {
			continue
		}
		var a audited
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// written are the writes among them, as "verb namespace/resource/name".
func written(t *testing.T, from int64) []string {
	t.Helper()
	var out []string
	for _, a := range audit(t, from) {
		if a.Verb != "get" && a.Verb != "list" && a.Verb != "watch" && !strings.HasPrefix(a.ObjectRef.Resource, "selfsubject") {
			out = append(out, fmt.Sprintf("%s %s/%s/%s", a.Verb, a.ObjectRef.Namespace, a.ObjectRef.Resource, a.ObjectRef.Name))
		}
	}
	return out
}
