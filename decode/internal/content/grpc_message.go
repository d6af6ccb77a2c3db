package content

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// messages show messages that have come.
type messages struct {
	call   Call
	limits Limits
	files  *transfer // nil: they are no files
	json   []byte    // memory for what is sent
	told   bool      // that their compression is not known
	shown  Shown     // the message that is being sent
	plain  int       // bytes of it that were taken of the account, without its compression
}

// most returns how many bytes of a message are looked at.
func (g *messages) most() int {
	if g.files != nil {
		return max(g.limits.Message, maxPacketHead)
	}
	return g.limits.Message
}

// needs reports whether more of a message has to be held than head to show it.
func (g *messages) needs(head []byte, missing int64, flags byte) bool {
	if flags != 0 || g.call.Schema.HasBytes() {
		return true
	}
	files := g.files != nil && g.files.reads(head)
	return !g.call.Method.TypeOf(g.call.FromServer, head).Elides(head, missing, files)
}

// show puts into u what the message b is, as far as it is kept, by the flags that
// stand before it.
func (g *messages) show(out Out, u *Unit, flags byte, b []byte) {
	if flags&g.call.Variant.flags() != 0 {
		g.end(u, b)
		return
	}
	missing := u.Size - int64(len(b))
	if flags&grpcCompressed != 0 || u.Missing > 0 { // nobody knows, or they never come
		missing = 0
	}
	if flags&grpcCompressed != 0 {
		plain, ok := g.decompress(out, u, b)
		if !ok {
			u.Cut = u.Cut || g.limits.Message == 0
			if g.limits.Message > 0 {
				u.Data = protobuf.AppendBytes(nil, "not decompressed", b)
			}
			return
		}
		b = plain
	}
	g.shown = g.call.show(out, u, b, missing, g.limits, g.files, g.json)
}

// sent gives back what was needed to show a message.
func (g *messages) sent() {
	g.limits.Forget(g.shown)
	g.limits.Account.Give(g.plain)
	g.shown, g.plain = Shown{}, 0
}

// end puts into u what ends a stream: trailers of gRPC-Web as text, the document of
// Connect.
func (g *messages) end(u *Unit, b []byte) {
	u.Kind = wire.KindText
	if g.call.Variant == Connect {
		u.Kind = wire.KindJSON
	}
	if u.Cut = u.Cut || g.limits.Message == 0; g.limits.Message > 0 {
		u.Data = bytes.Clone(b)
	}
}

// decompress returns a message without its compression, as much of it as is shown. It
// returns false if nobody knows how.
func (g *messages) decompress(out Out, u *Unit, b []byte) (plain []byte, ok bool) {
	name := strings.TrimSpace(g.call.Coding)
	if !coding.KnownMessage(name) {
		if !g.told {
			g.told = true
			out.Anomaly(u.From.Off, anomaly.BadGRPC, "a message is compressed, and grpc-encoding is "+quoted(name))
		}
		return nil, false
	}
	if g.most() == 0 {
		return nil, true // nobody looks at it
	}
	to := &plainText{most: g.most(), account: g.limits.Account}
	chain, f := coding.NewMessageChain(name, g.limits.Account, to)
	if chain == nil {
		out.Anomaly(u.From.Off, f.Code, f.Detail)
		return nil, false
	}
	f = chain.Write(b)
	if end := chain.Close(!u.Cut); f.Code == "" {
		f = end
	}
	if f.Code != "" {
		out.Anomaly(u.From.Off, f.Code, f.Detail)
	}
	g.plain = len(to.b)
	u.Cut = u.Cut || to.cut
	return to.b, f.Code == "" || len(to.b) > 0
}

func quoted(name string) string {
	if name == "" {
		return "not there"
	}
	return strings.ToValidUTF8(name, "\ufffd")
}

// plainText takes what is decompressed, up to a bound, and as far as there is memory.
type plainText struct {
	b       []byte
	most    int
	account *budget.Account
	cut     bool // there was more
}

func (p *plainText) Decoded(b []byte) {
	n := min(len(b), p.most-len(p.b))
	if p.cut || p.account.Take(n) < n {
		n = 0
	}
	p.b, p.cut = append(p.account.Grow(p.b, n, p.most, false), b[:n]...), p.cut || n < len(b)
}

func (p *plainText) Behind(anomaly.Fault) {}
