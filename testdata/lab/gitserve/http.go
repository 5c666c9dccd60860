package gitserve

import (
	"net/http"
	"net/http/cgi"
)

// The one account of the locked repositories.
const (
	User     = "demo"
	Password = "lab-password"
)

// handler shows every repository openly at /NAME.git, behind a password at
// /private/NAME.git, and refuses everyone at /forbidden/NAME.git.
func handler(backend, repos string) http.Handler {
	git := &cgi.Handler{Path: backend, Root: "/", Env: backendEnv(repos)}
	mux := http.NewServeMux()
	mux.Handle("/", git)
	mux.HandleFunc("/private/", func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok || user != User || password != Password {
			w.Header().Set("WWW-Authenticate", `Basic realm="lab"`)
			http.Error(w, "Invalid username or token.", http.StatusUnauthorized)
			return
		}
		http.StripPrefix("/private", git).ServeHTTP(w, r)
	})
	mux.HandleFunc("/forbidden/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "This account may not read the repository.", http.StatusForbidden)
	})
	return mux
}
