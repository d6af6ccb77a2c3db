package render

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/internal/rpcstatus"
	"github.com/socktrace/socktrace/wire"
)

// deadline adds how long the client of a call of gRPC waits for it, if it says so.
func (t *text) deadline(ev *wire.Request) {
	if g, _ := (&wire.Exchange{Request: ev}).GRPC(); g.Timeout > 0 {
		t.own(roleFaint, "  deadline ")
		t.duration(roleFaint, g.Timeout)
	}
}

// offers shows the services that a client of BuildKit offers to be asked, which a short
// head has in one line:
//
//	offers Auth, FileSync, Secrets
func (t *text) offers(fields []wire.Field) {
	var names []string
	for _, f := range fields {
		if !strings.EqualFold(f.Name, offered) {
			continue
		}
		service, _, _ := strings.Cut(strings.TrimPrefix(f.Value, "/"), "/")
		if name := shortType(service); !slices.Contains(names, name) && len(names) < mostOffers {
			names = append(names, name)
		}
	}
	if len(names) == 0 || t.o.Heads != HeadsShort {
		return
	}
	t.own(plain, strings.Repeat(" ", inset))
	t.own(roleFaint, "offers ")
	t.text(plain, strings.Join(names, ", "))
	t.end()
}

// mostOffers bounds how many are named.
const mostOffers = 16

// details shows what the whole status of a call of gRPC says beyond its text, in lines:
//
//	step              [2/2] RUN make
//	source            Dockerfile:3  RUN make
func (t *text) details(value string) {
	doc, ok := rpcstatus.JSON(value)
	if !ok {
		return
	}
	t.document(func() int {
		for _, l := range buildkit.Details(doc) {
			t.labelAs(roleFaint, l.Label, nil)
			t.labelGap()
			t.text(roleAnomaly, t.briefly(l.Text))
			t.end()
		}
		return 0
	})
}

// statusText returns the value of a field as it is shown: a whole status as JSON.
func statusText(f wire.Field) string {
	if f.Name == wire.StatusDetails {
		if doc, ok := rpcstatus.JSON(f.Value); ok {
			return string(doc)
		}
	}
	return f.Value
}

// isMetadata reports whether a field, whose name is in lower case, is what a program says
// in base64 to another that it calls; not what libraries say.
func isMetadata(name string) bool {
	return rpcstatus.IsBinary(name) && !strings.HasPrefix(name, "grpc-")
}

// inBinary adds what the value of a field says that is in base64.
func (t *text) inBinary(f wire.Field) {
	if b, ok := decodedField(f); ok && t.o.Heads == HeadsFull {
		t.own(roleFaint, "  = ")
		t.text(roleFaint, binaryWords(b))
	}
}

// decodedField returns what the value of a field says in base64; false if it says nothing so.
func decodedField(f wire.Field) ([]byte, bool) {
	if f.Masked || f.Name == wire.StatusDetails || !rpcstatus.IsBinary(f.Name) {
		return nil, false
	}
	return rpcstatus.Decoded(f.Value)
}

// binaryWords returns bytes as text if they are one, else how many there are.
func binaryWords(b []byte) string {
	if rpcstatus.IsText(b) {
		return string(b)
	}
	return Size(int64(len(b)))
}

// offered is the field by which BuildKit's clients list what may be asked of them, each
// method in a field of its own.
const offered = "x-docker-expose-session-grpc-method"
