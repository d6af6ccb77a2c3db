package buildkit

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// detail is what is told of an error beyond its text: an Any (moby/buildkit, package
// solver/errdefs, and google/rpc/error_details.proto).
type detail struct {
	Type  string      `json:"@type"`
	Value detailValue `json:"value"`
}

type detailValue struct {
	Op          *op               `json:"op"`          // of Solve
	Description map[string]string `json:"description"` // of Solve
	Digest      string            `json:"digest"`      // of Vertex
	Info        *sourceInfo       `json:"info"`        // of Source
	Ranges      []sourceRange     `json:"ranges"`      // of Source
}

type sourceInfo struct {
	Filename string `json:"filename"`
	Data     string `json:"data"`
}

type sourceRange struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type position struct {
	Line int `json:"line"`
}

// Details tells what a google.rpc.Status says beyond its text, as JSON: of a build, the
// step that has failed, and where that was asked for; of others, the JSON behind the
// name of its type. It says nothing of what is there for debuggers.
func Details(status []byte) []Line {
	var s struct {
		Details []json.RawMessage `json:"details"`
	}
	if json.Unmarshal(status, &s) != nil {
		return nil
	}
	all := make([]detail, len(s.Details))
	solved := false
	for i, doc := range s.Details {
		if json.Unmarshal(doc, &all[i]) != nil {
			all[i].Value = detailValue{}
		}
		solved = solved || all[i].step() != ""
	}
	var lines []Line
	for i := range all {
		d := &all[i]
		switch kind := d.kind(); {
		case kind == "stack.Stack+json":
		case d.step() != "":
			lines = append(lines, failed("step", d.step()))
		case kind == "errdefs.Vertex+json" && d.Value.Digest != "":
			if !solved {
				lines = append(lines, failed("step", d.Value.Digest))
			}
		case kind == "errdefs.Source+json" && d.Value.Info != nil:
			lines = d.source(lines)
		default:
			lines = append(lines, failed("detail", kind+" "+d.rest(s.Details[i])))
		}
	}
	return lines
}

func failed(label, text string) Line {
	return Line{Kind: wire.KindGRPC, Label: label, Bad: true, Text: text}
}

// kind returns the name of what d is, such as "errdefs.Solve+json".
func (d *detail) kind() string { return d.Type[strings.LastIndexByte(d.Type, '/')+1:] }

// step names the step that d says has failed: as people see it, or by what it does.
func (d *detail) step() string {
	if d.kind() != "errdefs.Solve+json" {
		return ""
	}
	if name := d.Value.Description["llb.customname"]; name != "" {
		return name
	}
	if d.Value.Op != nil {
		return d.Value.Op.what()
	}
	return ""
}

// maxSource is how many lines are told of the source of a step.
const maxSource = 8

// source adds the lines of a file that have asked for a step.
func (d *detail) source(lines []Line) []Line {
	text := strings.Split(d.Value.Info.Data, "\n")
	told := 0
	for _, r := range d.Value.Ranges {
		for n := max(r.Start.Line, 1); n <= max(r.End.Line, r.Start.Line) && told < maxSource; n++ {
			at := d.Value.Info.Filename + ":" + strconv.Itoa(n)
			if n <= len(text) {
				at += "  " + strings.TrimRight(text[n-1], "\r")
			}
			lines = append(lines, failed("source", at))
			told++
		}
	}
	return lines
}

// rest returns the JSON of d, which is doc, without its type.
func (d *detail) rest(doc []byte) string {
	typ, err := json.Marshal(d.Type)
	rest, ok := strings.CutPrefix(string(doc), `{"@type":`+string(typ))
	if err != nil || !ok {
		return string(doc)
	}
	return "{" + strings.TrimPrefix(rest, ",")
}
