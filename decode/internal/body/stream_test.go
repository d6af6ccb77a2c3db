package body

import (
	"testing"

	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// TestStreamType reads the type of a stream, which may stand in the wrong field.
func TestStreamType(t *testing.T) {
	for _, c := range []struct{ typ, upgrade, want string }{
		{media.Raw, "tcp", media.Raw},
		{media.Multiplexed + "; x=y", "tcp", media.Multiplexed},
		{"tcp", media.Raw, media.Raw},
		{"", media.Multiplexed, media.Multiplexed},
		{media.Raw, media.Multiplexed, media.Raw},
		{"text/plain", "tcp", "text/plain"},
		{"", "", ""},
	} {
		fields := []wire.Field{{Name: "Content-Type", Value: c.typ}, {Name: "Upgrade", Value: c.upgrade}}
		if got := streamType(fields); got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.typ, c.upgrade, got, c.want)
		}
		if want := c.want == media.Raw || c.want == media.Multiplexed; IsStream(c.want) != want {
			t.Errorf("%q is a stream: %t", c.want, !want)
		}
	}
}
