package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/wire"
)

// content compares what bodies and streams of one direction have in them.
func content(ids *compare.Session, x, y *Exchange, dir wire.Dir) (all []Change) {
	side := "answer"
	if dir == wire.ToServer {
		if isTelemetry(x) && isTelemetry(y) {
			return nil
		}
		side = "body"
	}
	all = append(all, documents(ids, x, y, dir, side)...)
	for _, k := range kinds {
		a, b := x.Texts[dir][k], y.Texts[dir][k]
		if lines := unlike(ids, textLines(a), textLines(b), ids.Text); len(lines) > 0 {
			all = append(all, Change{Difference: compare.Difference{Place: side + " " + k.String(), HasA: len(a) > 0, HasB: len(b) > 0}, Lines: lines})
		}
	}
	return append(all, opaque(x.body(dir), y.body(dir), side)...)
}

// collectors is how the methods begin by which spans, metrics and logs of OpenTelemetry are reported
// (opentelemetry-proto, collector).
const collectors = "/opentelemetry.proto.collector."

// isTelemetry reports whether the client reports how it fared: that is about times, in the order in which
// things were over by chance, and differs whenever a command is run.
func isTelemetry(x *Exchange) bool {
	_, ok := x.GRPC()
	return ok && strings.HasPrefix(x.Request.Target, collectors)
}

// kinds are those of texts.
var kinds = [...]wire.Kind{wire.KindText, wire.KindTerminal, wire.KindStdin, wire.KindStdout, wire.KindStderr, wire.KindSystemErr, wire.KindWebSocket, wire.KindRaw}

// body returns that of a direction, nil if there is none.
func (x *Exchange) body(dir wire.Dir) *wire.Body {
	if dir == wire.ToServer {
		return x.RequestBody
	}
	return x.ResponseBody
}

// documents compares the documents of one direction: of one each, by its fields; of several
// which of them only one side has.
func documents(ids *compare.Session, x, y *Exchange, dir wire.Dir, side string) (all []Change) {
	a, stepsA := withoutProgress(telling(x.Documents[dir]))
	b, stepsB := withoutProgress(telling(y.Documents[dir]))
	if lines := unlike(ids, stepsA, stepsB, ids.Text); len(lines) > 0 {
		all = append(all, Change{Difference: compare.Difference{Place: side + " steps", HasA: len(stepsA) > 0, HasB: len(stepsB) > 0}, Lines: lines})
	}
	one := len(a) < 2 && len(b) < 2 && isWhole(a) && isWhole(b)
	if one && dir == wire.ToServer && isJSON(x) && isJSON(y) {
		return all // compared with the rest of the request
	}
	if one {
		compared := ids.Answers
		if isForeign(x) && isForeign(y) {
			compared = ids.Documents
		}
		for _, d := range compared(only(a), only(b)) {
			d.Place = side + d.Place[len("answer"):]
			all = append(all, Change{Difference: d})
		}
		return all
	}
	if x.Request.Call.Operation == "ContainerStats" { // as many as there was time for
		a, b = a[:min(len(a), 1)], b[:min(len(b), 1)]
	}
	if isArchive(x.body(dir)) && isArchive(y.body(dir)) {
		inOrder(a, ids.ShapeA)
		inOrder(b, ids.ShapeB)
	}
	lines := unlike(ids, texts(a), texts(b), func(a, b string) bool { return sameDocument(ids, a, b) })
	if len(lines) > 0 {
		all = append(all, Change{Difference: compare.Difference{Place: side + " documents", HasA: len(a) > 0, HasB: len(b) > 0}, Lines: lines})
	}
	return all
}

// isArchive reports whether the documents of a body are the entries of an archive.
func isArchive(b *wire.Body) bool { return b != nil && b.Content == wire.KindTar }

// inOrder sorts entries by their shape: their order is that of names, which may be ids.
func inOrder(entries [][]byte, shape func(string) string) {
	slices.SortStableFunc(entries, func(a, b []byte) int { return strings.Compare(shape(string(a)), shape(string(b))) })
}

// sameDocument reports whether two documents of a stream mean the same; those that are none, such as
// what was cut, as texts.
func sameDocument(ids *compare.Session, a, b string) bool {
	if !json.Valid([]byte(a)) || !json.Valid([]byte(b)) {
		return ids.Text(a, b)
	}
	return ids.Alike([]byte(a), []byte(b))
}

// isWhole reports whether all documents are.
func isWhole(docs [][]byte) bool {
	return !slices.ContainsFunc(docs, func(d []byte) bool { return !json.Valid(d) })
}

// only returns the one document of a list, or nothing.
func only(docs [][]byte) []byte {
	if len(docs) == 0 {
		return nil
	}
	return docs[0]
}

// telling returns the documents that do not only tell how far something is.
func telling(docs [][]byte) (all [][]byte) {
	if len(docs) < 2 {
		return docs
	}
	for _, d := range docs {
		if !bytes.Contains(d, []byte(`"progressDetail":{"`)) {
			all = append(all, d)
		}
	}
	return all
}

// texts returns documents as text.
func texts(docs [][]byte) (all []string) {
	for _, d := range docs {
		all = append(all, string(d))
	}
	return all
}

// textLines returns the lines of a text.
func textLines(text []byte) (all []string) {
	for line := range bytes.Lines(text) {
		all = append(all, string(bytes.TrimRight(line, "\r\n")))
	}
	return all
}

// opaque compares bodies that nothing is known of but their bytes.
func opaque(a, b *wire.Body, side string) []Change {
	if a == nil || b == nil || a.Digest == "" || b.Digest == "" || a.Digest == b.Digest || a.Content != wire.KindBinary || b.Content != wire.KindBinary {
		return nil
	}
	say := func(w *wire.Body) string { return fmt.Sprintf("%d bytes, %s", w.Bytes, w.Digest) }
	return []Change{{Difference: compare.Difference{Place: side + " bytes", A: say(a), B: say(b), HasA: true, HasB: true}}}
}
