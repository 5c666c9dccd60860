package ui

import (
	"encoding/json"
	"io"

	"tenantry/model"
)

func Formats() []string         { return []string{"table", "wide", "json"} }
func KnownFormat(f string) bool { return true }
func PrintStatus(w io.Writer, r *model.StatusReport, format string) error {
	return json.NewEncoder(w).Encode(r)
}
