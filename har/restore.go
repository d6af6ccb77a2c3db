package har

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/media"
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
	e *Entry
	x *wire.Exchange
}

// restore returns what e and t tell.
func restore(e *Entry, t *trace, c *wire.Conn) *telling {
	x := &wire.Exchange{
		Meta: wire.Meta{Conn: c, Exchange: t.Exchange, Dir: wire.ToServer, Off: t.Offset,
			Start: t.base.Add(time.Duration(t.Start))},
		State:  stateOf(t.State),
		Masked: t.Masked,
	}
	r := &restorer{trace: t, e: e, x: x}
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
	for i := range t.Anomalies {
		a := &t.Anomalies[i]
		x.Anomalies = append(x.Anomalies, &wire.Anomaly{Meta: r.meta(&a.placeNote, dirNamed(a.Type)),
			Code: a.Code, Detail: latin1(a.Detail, a.DetailLatin1), Lost: a.Lost})
	}
	tell := &telling{x: x, messages: r.messages()}
	for i := range t.EOF {
		n := &t.EOF[i]
		tell.eofs = append(tell.eofs, &wire.EOF{Meta: r.meta(&n.placeNote, dirNamed(n.Type))})
	}
	return tell
}

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
	return &wire.Request{
		Meta:   r.meta(&r.Request.placeNote, wire.ToServer),
		Method: q.Method, Target: target, Version: versionOf(r.Request, q.HTTPVersion),
		Fields: fieldsOf(q.Headers), HeadBytes: q.HeadersSize, Call: dockerapi.Tell(r.e.Comment, q.Method, target), Masked: r.Request.Masked,
	}
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
		Digest: n.Digest, Complete: !n.Incomplete, Masked: n.Masked}
}

func (r *restorer) requestBody() *wire.Body {
	n, q := r.Request.Body, &r.e.Request
	if n == nil {
		return nil
	}
	b := r.body(n, wire.ToServer)
	b.WireBytes, b.Bytes = q.BodySize, n.Bytes
	b.Data = requestData(q)
	finishBody(b, q.PostData.Extra, q.Extra)
	return b
}

func (r *restorer) responseBody() *wire.Body {
	n, p := r.Response.Body, &r.e.Response
	if n == nil {
		return nil
	}
	b := r.body(n, wire.ToClient)
	b.WireBytes, b.Bytes = p.BodySize, p.Content.Size
	b.Data = textData(p.Content.Text, p.Content.Encoding)
	finishBody(b, p.Content.Extra, p.Extra)
	return b
}

// finishBody takes what is told beside a body: the charset that its text was in, the
// end of its kept bytes, that there are more, and its trailers.
func finishBody(b *wire.Body, content, message Extra) {
	if name := content.String("_charset"); name != "" {
		c, _ := media.CharsetNamed(name)
		if sent, ok := c.Encode(b.Data); ok {
			b.Data = sent
		}
	}
	if rest := content.String("_rest"); rest != "" {
		b.Data = append(b.Data, textData(rest, "base64")...)
	}
	json.Unmarshal(content["_truncated"], &b.Truncated)
	var trailers []Pair
	if raw, ok := message["_trailers"]; ok && json.Unmarshal(raw, &trailers) == nil {
		b.Trailer = fieldsOf(trailers)
	}
}

// requestData returns the body of a request.
func requestData(q *Request) []byte {
	var c Content
	if raw, ok := q.Extra["_content"]; ok && json.Unmarshal(raw, &c) == nil && c.Text != "" {
		return textData(c.Text, c.Encoding)
	}
	p := &q.PostData
	if p.Text == "" && len(p.Params) > 0 {
		return []byte(formOf(p.Params))
	}
	return textData(p.Text, p.Extra.String("encoding"))
}

// textData returns the bytes of a text. What is not base64, although it should
// be, is taken as it is.
func textData(text, encoding string) []byte {
	if text == "" {
		return nil
	}
	if strings.EqualFold(encoding, "base64") {
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			return b
		}
	}
	return []byte(text)
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
	var notes []messageNote
	if json.Unmarshal(r.e.Extra[key], &notes) != nil {
		return nil
	}
	var all []*wire.Message
	for i := range notes {
		n := &notes[i]
		m := &wire.Message{Meta: r.meta(&placeNote{Offset: n.Offset}, dirNamed(n.Type)),
			Kind: messageKind(n.Channel), Name: latin1(n.Name, n.Latin1), Index: n.Index, Truncated: n.Truncated, Masked: n.Masked}
		if key == "_webSocketMessages" {
			m.Kind, m.Opcode = wire.KindWebSocket, byte(n.Opcode)
			if n.Encoding == "" && m.Opcode != wire.OpText {
				n.Encoding = "base64"
			}
		}
		m.End = epochTime(n.Time)
		m.Start = m.End
		if n.Start != nil {
			m.Start = r.at(n.Start)
		}
		m.Data = textData(n.Data, n.Encoding)
		m.Size = int64(len(m.Data))
		if n.Size != nil {
			m.Size = *n.Size
		}
		all = append(all, m)
	}
	return all
}

// epochTime reads seconds since 1970, exactly if they have up to nine decimals.
// Some programs write milliseconds.
func epochTime(n json.Number) time.Time {
	whole, decimals, _ := strings.Cut(n.String(), ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	nsec, err2 := strconv.ParseInt((decimals + "000000000")[:9], 10, 64)
	f, err3 := n.Float64()
	switch {
	case err3 != nil || f < 0:
		return time.Time{}
	case f > maxSeconds:
		return time.UnixMicro(int64(f * 1000)).UTC()
	case err != nil || err2 != nil:
		return time.UnixMicro(int64(f * 1e6)).UTC()
	}
	return time.Unix(sec, nsec).UTC()
}

// maxSeconds is more than the seconds of any time, and less than the
// milliseconds of those that computers have seen.
const maxSeconds = 1e11
