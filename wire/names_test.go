package wire

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNames: recordings have these words in them, so they never change.
func TestNames(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{ToServer.String(), "to_server"}, {ToClient.String(), "to_client"},
		{ToServer.Other().String(), "to_client"}, {ToClient.Other().String(), "to_server"},
		{StateDone.String(), "done"}, {StateOpen.String(), "open"}, {StateAborted.String(), "aborted"}, {StatePartial.String(), "partial"},
		{ErrStopped.Error(), "trace stopped"},
		{HTTP2Preface, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	if ToServer.Other().Other() != ToServer || ToServer != 0 || ToClient != 1 {
		t.Error("the directions are not 0 and 1")
	}
}

// TestKindNames has every kind, and whether its messages have borders.
func TestKindNames(t *testing.T) {
	framed := map[string]bool{
		"none": false, "binary": false, "multiplexed": false, "raw": false, "json": true, "text": false, "terminal": false, "stdin": false,
		"stdout": true, "stderr": true, "systemerr": true, "websocket": true, "grpc": true, "tar": false, "entry": true,
	}
	for name, want := range framed {
		if k, ok := KindNamed(name); !ok || k.Framed() != want {
			t.Errorf("%s: %t, framed %t", name, ok, k.Framed())
		}
	}
}

// TestOpcodes are those of RFC 6455, section 5.2.
func TestOpcodes(t *testing.T) {
	if got := []int{OpContinuation, OpText, OpBinary, OpClose, OpPing, OpPong}; !slices.Equal(got, []int{0, 1, 2, 8, 9, 10}) {
		t.Errorf("got %v", got)
	}
}

func TestPeer(t *testing.T) {
	docker := &Process{PID: 4711, UID: 1000, Name: "docker"}
	for _, tt := range []struct {
		peer Peer
		want string
	}{
		{Peer{}, "?"},
		{Peer{Addr: "tcp://192.0.2.1:80"}, "tcp://192.0.2.1:80"},
		{Peer{Process: docker}, "docker[4711]"},
		{Peer{Addr: "unix:///d.sock", Process: docker}, "unix:///d.sock (docker[4711])"},
		{Peer{Process: &Process{PID: 1}}, "[1]"},
	} {
		if got := tt.peer.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// TestFrameKind reads headers of frames, and beginnings of them.
func TestFrameKind(t *testing.T) {
	for b, want := range map[string]Kind{
		"\x00": KindStdin, "\x01\x00": KindStdout, "\x02\x00\x00": KindStderr, "\x03\x00\x00\x00": KindSystemErr,
		"\x01\x00\x00\x00\xff\xff\xff\xff": KindStdout,
		"\x04":                             KindNone, "\xff\x00\x00\x00": KindNone,
		"\x01\x01": KindNone, "\x01\x00\x01": KindNone, "\x01\x00\x00\x01": KindNone,
	} {
		if got, ok := FrameKind([]byte(b)); got != want || ok != (want != KindNone) {
			t.Errorf("%q: got %v, %t", b, got, ok)
		}
	}
	if FrameHeader != 8 {
		t.Error("a header has not 8 bytes")
	}
}

// TestTokenChars has every byte (RFC 9110, section 5.6.2).
func TestTokenChars(t *testing.T) {
	const chars = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		if got, want := IsTokenChar(byte(c)), strings.Contains(chars, string(rune(c))); got != want {
			t.Errorf("%q: got %t", rune(c), got)
		}
	}
}

func TestJoinedValues(t *testing.T) {
	fields := []Field{{Name: "Via", Value: "a"}, {Name: "Other", Value: "x"}, {Name: "via", Value: ""}, {Name: "VIA", Value: "b, c"}, {Name: "Empty"}, {Name: "viA2", Value: "d"}}
	for name, want := range map[string]string{"Via": "a, , b, c", "other": "x", "empty": ""} {
		if got, ok := JoinedValues(fields, name); got != want || !ok {
			t.Errorf("%s: got %q, %t", name, got, ok)
		}
	}
	for _, name := range []string{"none", "", "Vib"} {
		if got, ok := JoinedValues(fields, name); got != "" || ok {
			t.Errorf("%s: got %q, %t", name, got, ok)
		}
	}
}

// recorder notes the calls of a Tap.
type recorder struct{ calls []string }

func (r *recorder) Chunk(c Chunk)              { r.calls = append(r.calls, string(c.Data)) }
func (r *recorder) End(_ time.Time, err error) { r.calls = append(r.calls, err.Error()) }

func TestTaps(t *testing.T) {
	a, b := new(recorder), new(recorder)
	taps := Taps{a, b}
	taps.Chunk(Chunk{Data: []byte("x")})
	taps.End(time.Time{}, errors.New("why"))
	for _, r := range []*recorder{a, b} {
		if !slices.Equal(r.calls, []string{"x", "why"}) {
			t.Errorf("got %q", r.calls)
		}
	}
}
