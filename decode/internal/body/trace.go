package body

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// traceID is how a document of a build's output says that it holds the progress of
// BuildKit, as older clients get it: a message of that type, in base64.
const (
	traceID   = "moby.buildkit.trace"
	traceType = "moby.buildkit.v1.StatusResponse"
)

// tellTrace tells the progress that the document u holds, in a message behind it with
// the same number: it is the same, told otherwise.
func (b *Body) tellTrace(u *content.Unit) {
	x := b.exchange
	if x.Call.Op.Kin() != "ImageBuild" || u.Cut || !x.env.Needs.Messages || !bytes.Contains(u.Data, []byte(traceID)) {
		return
	}
	var doc struct{ ID, Aux string }
	if json.Unmarshal(u.Data, &doc) != nil || doc.ID != traceID {
		return
	}
	raw, err := base64.StdEncoding.DecodeString(doc.Aux)
	if err != nil {
		return
	}
	s, l := x.env.schema(), b.limits(false)
	l.Message = x.env.MaxValue
	m := l.Show(s, s.Named(traceType), raw, nil, protobuf.Limits{})
	b.tell(&content.Unit{Kind: wire.KindGRPC, Type: traceType, From: u.From, To: u.To, Data: m.Data, Size: int64(len(raw)), Cut: m.Spent, Again: true})
	l.Forget(m)
}
