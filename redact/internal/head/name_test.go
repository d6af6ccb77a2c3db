package head

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/rpcstatus"
	"github.com/socktrace/socktrace/wire"
)

// TestNames: what tells most names apart at once makes no difference, whatever stands for
// a letter.
func TestNames(t *testing.T) {
	for _, name := range []string{"grpc-message", "Host", "x-bin", "-bin"} {
		names := []string{name, strings.ToUpper(name), "", name + "x", name[1:], name + "\x00"}
		for i := range name {
			names = append(names, name[:i]+name[i+1:])
			for _, other := range []string{"\u017f", "\u212a", "\x00", "\x7f", "\xff", "\u0131", "G", "h", "s", "N", "\x2e", "\x4e"} {
				names = append(names, name[:i]+other+name[i+1:], name[:i]+other+name[i:])
			}
		}
		for _, called := range names {
			f := &wire.Field{Name: called}
			if got, want := IsMessage(f), strings.EqualFold(called, "grpc-message"); got != want {
				t.Errorf("%q is a message: %t", called, got)
			}
			if got, want := IsAuthority(f), called == ":authority" || strings.EqualFold(called, "Host"); got != want {
				t.Errorf("%q is a host: %t", called, got)
			}
			if got, want := isBinary(called), rpcstatus.IsBinary(called); got != want {
				t.Errorf("%q is binary: %t", called, got)
			}
		}
	}
}
