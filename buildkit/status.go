package buildkit

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// statusResponse is what BuildKit tells of a build that goes on (moby/buildkit,
// api/services/control/control.proto).
type statusResponse struct {
	Vertexes []vertex  `json:"vertexes"`
	Statuses []status  `json:"statuses"`
	Logs     []logText `json:"logs"`
	Warnings []warning `json:"warnings"`
}

type vertex struct {
	Digest    string `json:"digest"`
	Name      string `json:"name"`
	Cached    bool   `json:"cached"`
	Started   string `json:"started"`
	Completed string `json:"completed"`
	Error     string `json:"error"`
}

type status struct {
	ID        string `json:"ID"`
	Vertex    string `json:"vertex"`
	Name      string `json:"name"`
	Current   number `json:"current"`
	Total     number `json:"total"`
	Completed string `json:"completed"`
}

type logText struct {
	Vertex string `json:"vertex"`
	Stream number `json:"stream"` // 1 is stdout, 2 is stderr
	Msg    any    `json:"msg"`
}

type warning struct {
	Vertex string `json:"vertex"`
	Short  any    `json:"short"`
}

// status tells what became of the steps of a build.
func (v *View) status(m *wire.Message) ([]Line, bool) {
	var r statusResponse
	if json.Unmarshal(m.Data, &r) != nil {
		return nil, false
	}
	var lines []Line
	add := func(step, text string, bad bool) {
		lines = append(lines, Line{Kind: wire.KindGRPC, Bad: bad, Text: v.steps.label(step) + " " + text})
	}
	for i := range r.Vertexes {
		x := &r.Vertexes[i]
		news := v.steps.note(x.Digest, seen{x.Started != "" || x.Cached, x.Completed != ""})
		switch {
		case x.Error != "" && news.ended:
			add(x.Digest, "failed: "+x.Error, true)
		case x.Cached && news.ended:
			add(x.Digest, x.Name+": cached", false)
		case news.started && news.ended:
			add(x.Digest, x.Name+": done"+took(x), false)
		case news.started:
			add(x.Digest, x.Name, false)
		case news.ended:
			add(x.Digest, "done"+took(x), false)
		}
	}
	for i := range r.Statuses {
		if s := &r.Statuses[i]; s.Completed != "" {
			text := strings.TrimSuffix(s.ID, ":")
			if !strings.HasPrefix(text, s.Name) { // "transferring" of "transferring context:"
				text += " " + s.Name
			}
			if s.Current > 0 || s.Total > 0 {
				text += " " + v.size(int64(max(s.Current, s.Total)))
			}
			add(s.Vertex, text+": done", false)
		}
	}
	for i := range r.Logs {
		lines = v.log(lines, &r.Logs[i])
	}
	for i := range r.Warnings {
		add(r.Warnings[i].Vertex, "warning: "+text(r.Warnings[i].Short), true)
	}
	return lines, true
}

// log adds the lines that a step has printed.
func (v *View) log(lines []Line, l *logText) []Line {
	kind := wire.KindStdout
	if l.Stream == 2 {
		kind = wire.KindStderr
	}
	for line := range strings.Lines(text(l.Msg)) {
		lines = append(lines, Line{Kind: kind, Text: v.steps.label(l.Vertex) + " " + strings.TrimRight(line, "\r\n")})
	}
	return lines
}

// text returns a member that should be text.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// took tells how long a step took.
func took(x *vertex) string {
	from, err := time.Parse(time.RFC3339Nano, x.Started)
	to, err2 := time.Parse(time.RFC3339Nano, x.Completed)
	if err != nil || err2 != nil || to.Before(from) {
		return ""
	}
	return " in " + to.Sub(from).Round(time.Millisecond).String()
}
