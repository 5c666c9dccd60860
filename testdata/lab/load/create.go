package load

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"tenantry/lab/cluster"
)

// workers is how many requests are under way at once; more does not help a
// server on two cores.
const workers = 16

// Create makes n tenants. The first of each sort goes through the API server,
// statuses through the status subresource; the others are copies of it in etcd
// under their own names, revisions and uids.
func Create(ctx context.Context, api *cluster.Client, etcd *store, n int, full bool, talk io.Writer) error {
	if n > 99999 {
		return fmt.Errorf("%d tenants are too many: names have room for 99999", n)
	}
	start := time.Now()
	models := map[string]*model{}
	for i := 1; i <= n; i++ {
		t := newTenant(i, full, start)
		if models[t.sort()] != nil {
			continue
		}
		m, err := newModel(ctx, api, etcd, t)
		if err != nil {
			return err
		}
		models[t.sort()] = m
	}
	var done atomic.Int64
	return each(ctx, n, func(ctx context.Context, i int) error {
		t := newTenant(i+1, full, start)
		if m := models[t.sort()]; m.tenant.n != t.n {
			if err := m.copy(ctx, etcd, t); err != nil {
				return err
			}
		}
		if d := done.Add(1); d%1000 == 0 && d < int64(n) {
			fmt.Fprintf(talk, "%d tenants made (%.0f s)\n", d, time.Since(start).Seconds())
		}
		return nil
	})
}

// each runs do for 0 … n-1 on all workers and stops at the first error.
func each(ctx context.Context, n int, do func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		}()
	}
	wg.Wait()
	return context.Cause(ctx)
}

// create makes one object through the API server and returns its uid.
func (it item) create(ctx context.Context, api *cluster.Client, applied bool) (string, error) {
	body, err := json.Marshal(it.object)
	if err != nil {
		return "", err
	}
	r := it.object.Ref()
	manager := "?fieldManager=" + url.QueryEscape(it.manager)
	var made cluster.Object
	if applied {
		// Server-side apply leaves the managedFields real controllers leave.
		err = api.Do(ctx, http.MethodPatch, r.Path()+manager+"&force=true", "application/apply-patch+yaml", body, &made)
	} else {
		err = api.Do(ctx, http.MethodPost, cluster.CollectionPath(r.APIVersion, r.Kind, r.Namespace)+manager, "application/json", body, &made)
		if cluster.Is409(err) {
			made, err = api.Get(ctx, r)
		}
	}
	if err != nil {
		return "", fmt.Errorf("creating %s: %w", r, err)
	}
	if it.status != nil {
		if err := api.Merge(ctx, r, "status", it.writer, map[string]any{"status": it.status}); err != nil {
			return "", err
		}
	}
	return made.Str("metadata", "uid"), nil
}
