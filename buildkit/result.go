package buildkit

import (
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// solved is what a frontend is answered, or ends with (moby/buildkit,
// frontend/gateway/pb/gateway.proto).
type solved struct {
	Result *result `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// result is what is built: one thing, or one for each platform, and what is said of it.
type result struct {
	Ref  *reference `json:"ref"`
	Refs *struct {
		Refs map[string]*reference `json:"refs"`
	} `json:"refs"`
	Metadata map[string]any `json:"metadata"`
}

type reference struct {
	ID  string      `json:"id"`
	Def *definition `json:"def"`
}

// solved tells a result: the graphs by their steps, the names of what is said of them. Why
// there is none is told too.
func (v *View) solved(m *wire.Message) ([]Line, bool) {
	var r solved
	if json.Unmarshal(m.Data, &r) != nil {
		return nil, false
	}
	var lines []Line
	if r.Result != nil {
		lines = v.result(r.Result)
	}
	if r.Error != nil {
		lines = append(lines, Line{Kind: wire.KindGRPC, Bad: true, Text: "failed: " + r.Error.Message})
	}
	return lines, len(lines) > 0
}

func (v *View) result(r *result) []Line {
	lines := v.reference(r.Ref)
	if r.Refs != nil {
		for _, platform := range sorted(r.Refs.Refs) {
			lines = append(append(lines, one("for "+platform)...), v.reference(r.Refs.Refs[platform])...)
		}
	}
	if names := sorted(r.Metadata); len(names) > 0 {
		lines = append(lines, one("metadata: "+strings.Join(names, ", "))...)
	}
	return lines
}

func (v *View) reference(r *reference) []Line {
	switch {
	case r == nil:
		return nil
	case r.Def != nil && len(r.Def.Def) > 0:
		return v.graph(r.Def)
	case r.ID != "":
		return one("result: " + r.ID)
	}
	return nil
}
