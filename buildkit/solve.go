package buildkit

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// solveRequest is what a client asks to build: by a frontend with options, or by a
// graph (moby/buildkit, api/services/control/control.proto, and frontend/gateway/pb).
type solveRequest struct {
	Ref           string            `json:"Ref"`
	Definition    *definition       `json:"Definition"`
	Frontend      string            `json:"Frontend"`
	FrontendAttrs map[string]string `json:"FrontendAttrs"`
	FrontendOpt   map[string]string `json:"FrontendOpt"`
}

type definition struct {
	Def []op `json:"def"`
}

// solve tells what is asked for: options by name, a graph by its steps.
func (v *View) solve(m *wire.Message) ([]Line, bool) {
	var r solveRequest
	if json.Unmarshal(m.Data, &r) != nil {
		return nil, false
	}
	var lines []Line
	if r.Ref != "" {
		lines = append(lines, one("build "+r.Ref)...)
	}
	if r.Frontend != "" {
		lines = append(lines, one("frontend "+r.Frontend)...)
	}
	for _, options := range []map[string]string{r.FrontendAttrs, r.FrontendOpt} {
		for _, name := range sorted(options) {
			lines = append(lines, one(name+"="+options[name])...)
		}
	}
	if r.Definition != nil {
		lines = append(lines, v.graph(r.Definition)...)
	}
	return lines, len(lines) > 0
}

// sorted returns the names in a map in order.
func sorted[V any](options map[string]V) []string { return slices.Sorted(maps.Keys(options)) }

// graph tells the steps of a graph, each behind those that it needs, as it was sent.
func (v *View) graph(d *definition) []Line {
	var lines []Line
	for i := range d.Def {
		o := &d.Def[i]
		what := o.what()
		if what == "" && len(o.Inputs) > 0 { // the last one only says what the result is
			lines = append(lines, one("result: "+v.inputs(o))...)
			continue
		}
		text := v.steps.label(o.Digest) + " " + what
		if len(o.Inputs) > 0 {
			text += "  from " + v.inputs(o)
		}
		lines = append(lines, one(text)...)
	}
	return lines
}

// inputs names what an operation needs.
func (v *View) inputs(o *op) string {
	digests := make([]string, len(o.Inputs))
	for i, in := range o.Inputs {
		digests[i] = in.Digest
	}
	return v.steps.labels(digests)
}

// secret tells which secret is fetched.
func (v *View) secret(m *wire.Message) ([]Line, bool) {
	var r struct {
		ID string `json:"ID"`
	}
	if json.Unmarshal(m.Data, &r) != nil || r.ID == "" {
		return nil, false
	}
	return one("secret " + strings.TrimSpace(r.ID)), true
}
