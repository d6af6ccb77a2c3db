package har

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// latin1 returns plain, or the bytes that other stands for.
func latin1(plain, other string) string {
	if other != "" {
		return fromLatin1(other)
	}
	return plain
}

// restorer makes events of what a Writer wrote.
type restorer struct {
	*trace
	e     *Entry
	x     *wire.Exchange
	fixes *repairs
}

// restore returns what e and t tell.
func restore(e *Entry, t *trace, c *wire.Conn, fixes *repairs) *telling {
	x := &wire.Exchange{
		Meta: wire.Meta{Conn: c, Exchange: t.Exchange, Dir: wire.ToServer, Off: t.Offset,
			Start: t.base.Add(time.Duration(t.Start))},
		State:  stateOf(t.State),
		Masked: t.Masked,
	}
	r := &restorer{trace: t, e: e, x: x, fixes: fixes}
	x.End, x.FirstByte = r.at(t.End), r.at(t.FirstByte)
	if t.Request != nil {
		x.Request = r.request()
		x.RequestBody = r.requestBody()
	}
	for i := range t.Interim {
		x.Interim = append(x.Interim, r.interim(&t.Interim[i]))
	}
	if t.Response != nil {
		x.Response = r.response()
		x.ResponseBody = r.responseBody()
	}
	r.headless(x)
	withoutLines(x)
	if u := t.Upgrade; u != nil {
		dir := wire.ToClient
		if u.Type != "" {
			dir = dirNamed(u.Type)
		}
		x.Upgrade = &wire.Upgrade{Meta: r.meta(&u.placeNote, dir), Protocol: latin1(u.Protocol, u.ProtocolLatin1),
			Content: kindNamed(u.Content), Reason: u.Reason}
	}
	for k := range x.Streams {
		if s, ok := t.Streams[wire.Kind(k).String()]; ok {
			x.Streams[k] = wire.StreamStat(s)
		}
	}
	if n := t.Reset; n != nil {
		x.Reset = &wire.Reset{Dir: dirNamed(n.Type), Code: n.Code}
	}
	for i := range t.Anomalies {
		a := &t.Anomalies[i]
		x.Anomalies = append(x.Anomalies, &wire.Anomaly{Meta: r.meta(&a.placeNote, dirNamed(a.Type)),
			Code: a.Code, Detail: latin1(a.Detail, a.DetailLatin1), Lost: a.Lost})
	}
	tell := &telling{x: x, messages: r.messages(), about: t.About(), counts: t.Messages()}
	for i := range t.EOF {
		n := &t.EOF[i]
		tell.eofs = append(tell.eofs, &wire.EOF{Meta: r.meta(&n.placeNote, dirNamed(n.Type))})
	}
	return tell
}

// withoutLines takes the lines from the fields of x whose protocol has none.
func withoutLines(x *wire.Exchange) {
	drop := func(fields []wire.Field) {
		for i := range fields {
			fields[i].Line = ""
		}
	}
	if r := x.Request; r != nil && r.Version == http2 {
		drop(r.Fields)
		if x.RequestBody != nil {
			drop(x.RequestBody.Trailer)
		}
	}
	if r := x.Response; r != nil && r.Version == http2 {
		drop(r.Fields)
		if x.ResponseBody != nil {
			drop(x.ResponseBody.Trailer)
		}
	}
	for _, r := range x.Interim {
		if r.Version == http2 {
			drop(r.Fields)
		}
	}
}

// http2 is the version of heads that have no lines.
const http2 = "HTTP/2"

// at returns the moment n nanoseconds after the start.
func (r *restorer) at(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return r.base.Add(time.Duration(*n))
}

func (r *restorer) meta(p *placeNote, dir wire.Dir) wire.Meta {
	m := wire.Meta{Conn: r.x.Conn, Exchange: r.x.Exchange, Dir: dir, Off: p.Offset, Start: r.x.Start}
	if p.Start != nil {
		m.Start = r.at(p.Start)
	}
	m.End = m.Start
	if p.End != nil {
		m.End = r.at(p.End)
	}
	return m
}

func (r *restorer) request() *wire.Request {
	q, target := &r.e.Request, latin1(r.Target, r.TargetLatin1)
	n := r.Request
	return &wire.Request{
		Meta:   r.meta(&n.placeNote, pushed(n.Type)),
		Stream: n.Stream, Scheme: latin1(n.Scheme, n.SchemeLatin1), Authority: latin1(n.Authority, n.AuthorityLatin1),
		Method: q.Method, Target: target, Version: versionOf(r.Request, q.HTTPVersion),
		Fields: fieldsOf(q.Headers), HeadBytes: q.HeadersSize, Call: dockerapi.Tell(remarked(r.e.Comment), q.Method, target), Masked: r.Request.Masked,
	}
}

// pushed returns the direction of the head of a request, which the server may have
// sent.
func pushed(typ string) wire.Dir {
	if typ == "" {
		return wire.ToServer
	}
	return dirNamed(typ)
}

func (r *restorer) response() *wire.Response {
	p := &r.e.Response
	return &wire.Response{
		Meta:    r.meta(&r.Response.placeNote, wire.ToClient),
		Version: versionOf(r.Response, p.HTTPVersion), Status: int(p.Status),
		Reason: latin1(p.StatusText, r.Response.ReasonLatin1),
		Fields: fieldsOf(p.Headers), HeadBytes: p.HeadersSize, Masked: r.Response.Masked,
	}
}

func (r *restorer) interim(n *interimNote) *wire.Response {
	return &wire.Response{
		Meta:    r.meta(&n.placeNote, wire.ToClient),
		Version: n.Version, Status: n.Status, Reason: latin1(n.Reason, n.ReasonLatin1),
		Fields: fieldsOf(n.Headers), HeadBytes: n.HeaderBytes, Interim: true, Masked: n.Masked,
	}
}

func versionOf(n *headNote, written string) string {
	if n.Version != nil {
		return *n.Version
	}
	return written
}

// fieldsOf returns the fields of a head.
func fieldsOf(pairs []Pair) []wire.Field {
	var fields []wire.Field
	for i := range pairs {
		p := &pairs[i]
		f := wire.Field{Name: p.Name, Value: p.Value, Line: p.Name + ": " + p.Value}
		if raw, ok := p.Extra["_name"]; ok {
			json.Unmarshal(raw, &f.Name)
		}
		if raw, ok := p.Extra["_line"]; ok {
			json.Unmarshal(raw, &f.Line)
			f.Masked = f.Line == "" // no line was sent that is empty
		}
		var exact [3][]byte
		if raw, ok := p.Extra["_base64"]; ok && json.Unmarshal(raw, &exact) == nil {
			f = wire.Field{Name: string(exact[0]), Value: string(exact[1]), Line: string(exact[2]), Masked: len(exact[2]) == 0}
		}
		fields = append(fields, f)
	}
	return fields
}

func (r *restorer) body(n *bodyNote, dir wire.Dir) *wire.Body {
	return &wire.Body{Meta: r.meta(&n.placeNote, dir), Content: kindNamed(n.Content), Coding: n.Coding,
		Digest: n.Digest, Files: n.Files.Sum(), Complete: !n.Incomplete, Masked: n.Masked}
}

func (r *restorer) requestBody() *wire.Body {
	n, q := r.Request.Body, &r.e.Request
	if n == nil {
		return nil
	}
	b := r.body(n, wire.ToServer)
	b.WireBytes, b.Bytes = q.BodySize, n.Bytes
	b.Data, b.Truncated = r.fixes.requestData(q)
	r.fixes.finishBody(b, q.PostData.Extra, q.Extra)
	return b
}

func (r *restorer) responseBody() *wire.Body {
	n, p := r.Response.Body, &r.e.Response
	if n == nil {
		return nil
	}
	b := r.body(n, wire.ToClient)
	b.WireBytes, b.Bytes = p.BodySize, p.Content.Size
	b.Data = r.fixes.textData(p.Content.Text, p.Content.Encoding, p.Content.Size)
	r.fixes.finishBody(b, p.Content.Extra, p.Extra)
	return b
}

// messages returns those that e tells one by one, in the order of their times
// and places.
func (r *restorer) messages() []*wire.Message {
	all := append(r.list("_streamMessages"), r.list("_webSocketMessages")...)
	slices.SortStableFunc(all, func(a, b *wire.Message) int {
		if n := a.End.Compare(b.End); n != 0 || a.Dir != b.Dir {
			return n
		}
		return cmp.Compare(a.Off, b.Off)
	})
	return all
}

func (r *restorer) list(key string) []*wire.Message {
	notes := r.notes(r.e.Extra[key])
	var all []*wire.Message
	for i := range notes {
		n := &notes[i]
		m := &wire.Message{Meta: r.meta(&placeNote{Offset: n.Offset}, dirNamed(n.Type)),
			Kind: messageKind(n.Channel), Name: latin1(n.Name, n.Latin1), Type: n.MessageType, Index: n.Index, Truncated: n.Truncated, Masked: n.Masked}
		if key == "_webSocketMessages" {
			m.Kind, m.Opcode = wire.KindWebSocket, byte(n.Opcode)
			if n.Encoding == "" && m.Opcode != wire.OpText {
				n.Encoding = "base64"
			}
		}
		if m.End = epochTime(n.Time); m.End.IsZero() {
			m.End = later(r.x.Start, r.x.End)
		}
		m.Start = m.End
		if n.Start != nil {
			m.Start = r.at(n.Start)
		}
		m.Data = r.fixes.textData(n.Data, n.Encoding, -1)
		m.Size = int64(len(m.Data))
		if n.Size != nil {
			m.Size = *n.Size
		}
		all = append(all, m)
	}
	return all
}

// notes returns the messages in a list, without those that are none.
func (r *restorer) notes(b json.RawMessage) (all []messageNote) {
	if len(b) == 0 || json.Unmarshal(b, &all) == nil {
		return all
	}
	all = nil
	for one := range jsontext.Elements(b) {
		var n messageNote
		if json.Unmarshal(one, &n) != nil {
			r.fixes.add(oddMember)
			continue
		}
		all = append(all, n)
	}
	return all
}
