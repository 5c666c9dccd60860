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

// Create makes n tenants. Objects that exist already are left alone, so a
// larger load can be put on a smaller one.
func Create(ctx context.Context, api *cluster.Client, n int, full bool, talk io.Writer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for i := 1; i <= n; i++ {
			select {
			case numbers <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	start := time.Now()
	var done atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range numbers {
				if err := createTenant(ctx, api, newTenant(i, full, start)); err != nil {
					cancel(err)
					return
				}
				if d := done.Add(1); d%1000 == 0 {
					fmt.Fprintf(talk, "%d tenants made (%.0f s)\n", d, time.Since(start).Seconds())
				}
			}
		}()
	}
	wg.Wait()
	return context.Cause(ctx)
}

func createTenant(ctx context.Context, api *cluster.Client, t tenant) error {
	for _, it := range t.items() {
		if err := it.create(ctx, api, t.full); err != nil {
			return err
		}
	}
	return nil
}

func (it item) create(ctx context.Context, api *cluster.Client, applied bool) error {
	body, err := json.Marshal(it.object)
	if err != nil {
		return err
	}
	r := it.object.Ref()
	manager := "?fieldManager=" + url.QueryEscape(it.manager)
	if applied {
		// Server-side apply leaves the managedFields real controllers leave.
		err = api.Do(ctx, http.MethodPatch, r.Path()+manager+"&force=true", "application/apply-patch+yaml", body, nil)
	} else {
		err = api.Do(ctx, http.MethodPost, cluster.CollectionPath(r.APIVersion, r.Kind, r.Namespace)+manager, "application/json", body, nil)
		if cluster.Is409(err) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("creating %s: %w", r, err)
	}
	if it.status == nil {
		return nil
	}
	return api.Merge(ctx, r, "status", it.writer, map[string]any{"status": it.status})
}
