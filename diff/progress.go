package diff

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// step is one of a build with BuildKit, which does several at a time.
type step struct {
	name, failed      string
	cached, completed bool
	log               strings.Builder
}

// steps are those of a build, by their digests.
type steps map[string]*step

// progress is what BuildKit tells of them now and then (moby.buildkit.v1.StatusResponse).
type progress struct {
	Vertexes []struct {
		Digest, Name, Error string
		Cached              bool
		Completed           any
	}
	Statuses []json.RawMessage
	Logs     []struct{ Vertex, Msg string }
}

// withoutProgress takes what BuildKit tells of its steps out of documents: what is told when, and in
// how many pieces, is by chance. It returns what it did, a line for each step and its output, by
// their names, and the other documents.
func withoutProgress(docs [][]byte) (rest [][]byte, lines []string) {
	all := make(steps)
	for _, d := range docs {
		if !all.take(d) {
			rest = append(rest, d)
		}
	}
	return rest, all.lines()
}

// take adds what a document tells of steps; false if it is about something else.
func (all steps) take(doc []byte) bool {
	if bytes.HasPrefix(doc, []byte(`{"id":"moby.buildkit.trace"`)) {
		return true // the next document is what it says
	}
	var told progress
	if !bytes.HasPrefix(doc, []byte(`{"vertexes":`)) && !bytes.HasPrefix(doc, []byte(`{"statuses":`)) && !bytes.HasPrefix(doc, []byte(`{"logs":`)) ||
		json.Unmarshal(doc, &told) != nil {
		return false
	}
	for _, v := range told.Vertexes {
		s := all.at(v.Digest)
		s.name, s.failed = cmp.Or(v.Name, s.name), cmp.Or(v.Error, s.failed)
		s.cached, s.completed = s.cached || v.Cached, s.completed || v.Completed != nil
	}
	for _, l := range told.Logs {
		all.at(l.Vertex).log.WriteString(l.Msg)
	}
	return true
}

// at returns the step of a digest.
func (all steps) at(digest string) *step {
	s := all[digest]
	if s == nil {
		s = &step{}
		all[digest] = s
	}
	return s
}

// lines returns what steps did, by their names.
func (all steps) lines() (lines []string) {
	sorted := slices.SortedFunc(maps.Values(all), func(a, b *step) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.log.String(), b.log.String()), cmp.Compare(a.line(), b.line()))
	})
	for _, s := range sorted {
		lines = append(lines, s.line())
		for l := range strings.Lines(s.log.String()) {
			lines = append(lines, "  "+strings.TrimRight(l, "\r\n"))
		}
	}
	return lines
}

// line says what became of a step.
func (s *step) line() string {
	switch {
	case s.failed != "":
		return s.name + ": " + s.failed
	case s.cached:
		return s.name + ": cached"
	case !s.completed:
		return s.name + ": not done"
	}
	return s.name
}
