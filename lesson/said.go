package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/internal/markup"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/shortid"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is shown of a body or a stream.
const (
	maxLines     = 100 // of a document or text
	maxDocuments = 12  // of a stream
	maxFiles     = 20  // of an archive
)

// request shows the request of a step.
func (t *teller) request(s *step) []part {
	r := s.x.Request
	if r == nil {
		return nil
	}
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s %s\n", r.Method, r.Target, r.Version)
	fields(&head, r.Fields, usualOfRequests)
	all := []part{{kind: isCode, words: markup.Plain("The request:"), lang: "http", code: head.String()}}
	return append(all, t.body(s, wire.ToServer)...)
}

// answer shows the answer of a step, and what came behind it.
func (t *teller) answer(s *step) (all []part) {
	if p := s.x.Response; p != nil {
		var head strings.Builder
		fmt.Fprintf(&head, "%s %d %s\n", p.Version, p.Status, p.Reason)
		usual := usualOfAnswers
		if dockerapi.IsPing(s.operation()) {
			usual = usualOfPings
		}
		fields(&head, p.Fields, usual)
		all = append(all, part{kind: isCode, words: markup.Plain("The answer:"), lang: "http", code: head.String()})
	}
	all = append(all, t.body(s, wire.ToClient)...)
	return append(all, t.stream(s)...)
}

// Fields that say nothing new, in lower case.
var (
	usualOfRequests = []string{"host", "user-agent", "content-length", "accept-encoding", "te", "transfer-encoding", "accept"}
	usualOfPings    = []string{"date", "content-length", "cache-control", "pragma", "expires", "transfer-encoding"}
	usualOfAnswers  = append([]string{"server", "api-version", "docker-experimental", "ostype", "builder-version", "swarm"}, usualOfPings...)
)

// fields writes those that say something.
func fields(to *strings.Builder, all []wire.Field, usual []string) {
	for _, f := range all {
		if slices.Contains(usual, strings.ToLower(f.Name)) || strings.EqualFold(f.Name, "Connection") && strings.EqualFold(f.Value, "keep-alive") {
			continue
		}
		fmt.Fprintf(to, "%s: %s\n", f.Name, cutText(f.Value, maxString))
	}
}

// body shows what a message of HTTP consists of: documents, text, an archive, messages of
// gRPC.
func (t *teller) body(s *step, dir wire.Dir) (all []part) {
	var documents, files, built []*message
	var text strings.Builder
	for i := range s.said {
		m := &s.said[i]
		switch {
		case m.dir != dir || s.toldOtherwise(i):
		case m.kind == wire.KindGRPC && buildkit.Reads(m.of) && !m.truncated:
			built = append(built, m)
		case isDocument(m.kind):
			documents = append(documents, m)
		case m.kind == wire.KindEntry:
			files = append(files, m)
		case inText(s, m.kind):
			text.Write(m.text)
		}
	}
	what := [...]string{"Its body", "The body of the answer"}[dir]
	left := s.without(dir, isDocument)
	if len(built) > 0 {
		left = s.without(dir, func(k wire.Kind) bool { return k == wire.KindGRPC }) // a document stands beside each
		all = append(all, t.progress(built, what, left))
		what, left = "The rest of it", 0
	}
	switch {
	case len(documents) == 1 && left == 0 && documents[0].of == "":
		all = append(all, document1(documents[0], what))
	case len(documents) > 0:
		all = append(all, t.list(documents, what, left))
	}
	if len(files) > 0 {
		all = append(all, archive(files, what, s.without(dir, func(k wire.Kind) bool { return k == wire.KindEntry })))
	}
	if text.Len() > 0 {
		code, more := cutLines(text.String(), maxLines)
		pieces := s.without(dir, func(k wire.Kind) bool { return inText(s, k) })
		all = append(all, part{kind: isCode, words: markup.Plain(what + " is text" + without(more, "line", pieces, "piece") + ":"), lang: "text", code: code})
	}
	if b := bodyOf(s.x, dir); len(all) == 0 && b != nil && b.WireBytes > 0 && !streamed(s) {
		all = append(all, paragraph(markup.Plain(fmt.Sprintf("%s is %s of what is not shown here (%s).", what, units.Size(b.WireBytes), b.Content))))
	}
	return all
}

// streamed reports whether what a step says is shown as a stream.
func streamed(s *step) bool {
	for i := range s.said {
		if inStream(s, s.said[i].kind) {
			return true
		}
	}
	return false
}

// bodyOf returns the body of a direction; nil if there is none.
func bodyOf(x *wire.Exchange, dir wire.Dir) *wire.Body {
	if dir == wire.ToServer {
		return x.RequestBody
	}
	return x.ResponseBody
}

// isDocument reports whether messages of a kind are documents, and inText whether they are
// pieces of a text.
func isDocument(k wire.Kind) bool { return k == wire.KindJSON || k == wire.KindGRPC }
func inText(s *step, k wire.Kind) bool {
	return k == wire.KindText || k == wire.KindRaw && s.x.Upgrade == nil
}

// without says how many more things are left out, and how many more pieces of which nobody
// knows what is in them; empty if none are.
func without(n int, what string, pieces int64, name string) string {
	switch {
	case n == 0 && pieces == 0:
		return ""
	case pieces == 0:
		return ", without " + plural.Of(int64(n), "more "+what)
	case n == 0:
		return ", without " + plural.Of(pieces, "more "+name)
	}
	return ", without " + plural.Of(int64(n), "more "+what) + " and " + plural.Of(pieces, "more "+name)
}

// document1 shows a body that is one document.
func document1(m *message, what string) part {
	text, empty, ok := laidOut(m.text)
	if !ok {
		text = cutText(string(m.text), 2*maxLine)
		what += ", of which not all was kept"
	}
	code, more := cutLines(text, maxLines)
	says := what
	switch {
	case empty > 0 && more > 0:
		says += fmt.Sprintf(", without %s and the last %s", plural.Of(int64(empty), "empty member"), plural.Of(int64(more), "line"))
	case empty > 0:
		says += ", without " + plural.Of(int64(empty), "empty member")
	case more > 0:
		says += ", without the last " + plural.Of(int64(more), "line")
	}
	return part{kind: isCode, words: markup.Plain(says + ":"), lang: jsonIf(ok), code: code}
}

// jsonIf returns the language of a text.
func jsonIf(ok bool) string {
	if ok {
		return "json"
	}
	return "text"
}

// progress shows BuildKit's messages in lines, which say more than their JSON.
func (t *teller) progress(messages []*message, what string, left int64) part {
	var out strings.Builder
	view := buildkit.NewView(units.Size, new(buildkit.Room))
	defer view.Close()
	lines, more := 0, 0
	for _, m := range messages {
		all, ok := view.Lines(&wire.Message{Kind: m.kind, Type: m.of, Data: m.text, Size: m.size})
		if !ok {
			all = []buildkit.Line{{Text: shortType(m.of) + " " + compact(m.text)}}
		}
		for _, line := range all {
			if lines++; lines > maxLines {
				more++
				continue
			}
			fmt.Fprintf(&out, "%s  %-6s  %s\n", pad(since(m.at, t.began)), line.Label, cutText(firstLine([]byte(line.Text)), 2*maxColumns))
		}
	}
	return part{kind: isCode, words: markup.Plain(what + " tells how the build goes on" + without(more, "line", left, "message") + ":"), lang: "text", code: out.String()}
}

// list shows the documents of a stream, a line each.
func (t *teller) list(documents []*message, what string, left int64) part {
	var out strings.Builder
	for i, m := range documents {
		if i == maxDocuments {
			break
		}
		line := asTyped(shortid.CutString(strings.ReplaceAll(compact(m.text), "\n", " "), "…"))
		if m.of != "" {
			line = shortType(m.of) + " " + line
		}
		fmt.Fprintf(&out, "%s  %s\n", pad(since(m.at, t.began)), cutText(line, 2*maxColumns))
	}
	sum, shown := int64(len(documents))+left, min(len(documents), maxDocuments)
	says := what + " is " + plural.Of(sum, "document") + ", as they come"
	if sum > int64(shown) {
		says += fmt.Sprintf("; the first %d of them", shown)
	}
	return part{kind: isCode, words: markup.Plain(says + ":"), lang: "text", code: out.String()}
}

// pad returns a time in the width of most.
func pad(s string) string { return strings.Repeat(" ", max(len("00.000 s")-len(s), 0)) + s }

// archive shows which files there are in one.
func archive(files []*message, what string, left int64) part {
	var out strings.Builder
	for i, m := range files {
		if i == maxFiles {
			left += int64(len(files) - i)
			break
		}
		fmt.Fprintln(&out, cutText(fileOf(m.text), 2*maxColumns))
	}
	says := what + " is an archive of files"
	if left > 0 {
		says += ", without " + plural.Of(left, "more file")
	}
	return part{kind: isCode, words: markup.Plain(says + ":"), lang: "text", code: out.String()}
}

// inStream reports whether a message is shown as a line of a stream.
func inStream(s *step, k wire.Kind) bool {
	return streams(k) || k == wire.KindWebSocket || k == wire.KindRaw && s.x.Upgrade != nil
}

// stream shows what crosses the connection: what is written and read, with times.
func (t *teller) stream(s *step) (all []part) {
	var out strings.Builder
	lines, more := 0, 0
	for i := range s.said {
		m := &s.said[i]
		if !inStream(s, m.kind) || m.kind == wire.KindRaw && len(s.inside) > 0 {
			continue
		}
		name := m.kind.String()
		if m.kind == wire.KindRaw || m.kind == wire.KindWebSocket {
			name = [...]string{"to daemon", "to client"}[m.dir]
		}
		text := strings.TrimRight(string(m.text), "\n")
		if m.truncated {
			text += " …"
		}
		for line := range strings.SplitSeq(text, "\n") {
			if lines++; lines > maxLines {
				more++
				continue
			}
			fmt.Fprintf(&out, "%s  %-9s  %s\n", pad(since(m.at, t.began)), name, cutText(strings.TrimRight(line, "\r"), 2*maxColumns))
		}
	}
	if lines == 0 {
		return nil
	}
	ours := func(k wire.Kind) bool { return inStream(s, k) }
	left := s.without(wire.ToServer, ours) + s.without(wire.ToClient, ours)
	says := "What is written and read on the connection" + without(more, "line", left, "message")
	return []part{{kind: isCode, words: markup.Plain(says + ":"), lang: "text", code: out.String()}}
}

// calls lists the calls that travel inside of a step, by name.
func (t *teller) calls(s *step) []part {
	n := s.carried()
	if n == 0 {
		return nil
	}
	var items []markup.Text
	for _, c := range s.inside {
		w := markup.Code(c.name)
		if c.count > 1 {
			w = w.And(markup.Plain(", " + strconv.FormatInt(c.count, 10) + " times"))
		}
		if c.failed > 0 {
			w = w.And(markup.Plain(", of which " + strconv.FormatInt(c.failed, 10) + " failed"))
		}
		if e := explain.Of(c.name); e != nil {
			w = w.And(markup.Plain(": " + e.Short))
		}
		items = append(items, w)
	}
	if s.others > 0 {
		items = append(items, markup.Plain(plural.Of(s.others, "call")+" of other names"))
	}
	return []part{{kind: isList, words: markup.Plain("The stream carries " + plural.Of(n, "call") + " over HTTP/2:"), items: items}}
}
