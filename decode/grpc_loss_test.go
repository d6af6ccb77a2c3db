package decode_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// accusations are the codes that say that peers break rules: lost packets must not make
// any of peers that break none.
var accusations = []string{"bad-http2", "bad-hpack", "malformed-head", "bad-grpc", "bad-length", "incomplete", "decoder-panic"}

// shortScripts are those whose messages are short.
func shortScripts() []script {
	return slices.DeleteFunc(scripts(), func(s script) bool { return strings.Contains(s.name, "large") || s.zip })
}

// TestGRPCLoss loses packets of captures of all pairs, and checks that what is told of
// the rest is true: whose messages they are, in which order, what they say, and which
// calls are whole.
func TestGRPCLoss(t *testing.T) {
	for _, p := range pairings[:4] {
		t.Run(p.name, func(t *testing.T) {
			r := rehearse(t, p, shortScripts())
			packets := capturePackets(r.file.Bytes())
			for seed := range uint64(40) {
				rng := rand.New(rand.NewPCG(seed, 0))
				lost := map[int]bool{}
				for range 1 + rng.IntN(4) {
					lost[greetings+rng.IntN(len(packets)-greetings)] = true
				}
				var file []byte
				for i, b := range packets {
					if !lost[i] || !carries(b) {
						file = append(file, b...)
					}
				}
				r.checkLossy(t, fmt.Sprintf("seed %d", seed), r.read(file))
			}
		})
	}
}

// capturePackets returns the blocks of a pcapng file.
func capturePackets(b []byte) (all [][]byte) {
	for len(b) > 0 {
		n := binary.LittleEndian.Uint32(b[4:])
		all, b = append(all, b[:n]), b[n:]
	}
	return all
}

// greetings is behind how many blocks packets are lost: those before have the preface
// and the settings.
const greetings = 15

// carries reports whether a block is a packet with so much in it that it is not only part
// of how TCP begins and ends.
func carries(b []byte) bool { return binary.LittleEndian.Uint32(b) == 6 && len(b) > 150 }

// checkLossy compares what is told of a lossy capture with what is known.
func (r *rehearsal) checkLossy(t *testing.T, what string, evs []wire.Event) {
	t.Helper()
	for _, ev := range evs {
		if a, ok := ev.(*wire.Anomaly); ok && slices.Contains(accusations, a.Code) {
			t.Errorf("%s: %s %s", what, a.Code, a.Detail)
		}
	}
	for _, c := range callsTold(evs) {
		var names [2]string
		for dir := range wire.Dir(2) {
			names[dir] = r.checkKept(t, what, c.messages[dir], dir)
		}
		if names[0] != "" && names[1] != "" && names[0] != names[1] {
			t.Errorf("%s: messages of %q and %q are in one call", what, names[0], names[1])
		}
		if c.State == wire.StateDone && c.Request != nil {
			r.checkWhole(t, what, c)
		}
	}
}

// checkWhole compares a call that is said to be whole with what is known of it, as far as
// its head is known.
func (r *rehearsal) checkWhole(t *testing.T, what string, c *callTold) {
	t.Helper()
	name := wire.FieldValue(c.Request.Fields, "x-call")
	if a := r.accounts[name]; a != nil {
		if g, _ := c.GRPC(); g.Method == peerMethod {
			compareMessages(t, what+", "+name, c.messages[wire.ToServer], a, wire.ToServer, false)
			if !answerUnknown(c.Exchange) {
				compareMessages(t, what+", "+name, c.messages[wire.ToClient], a, wire.ToClient, false)
				compareEnd(t, c.Exchange, name, a)
			}
		}
	} else if name != "" && name != wire.UnknownField {
		t.Errorf("%s: nobody has called %q", what, name)
	}
}

// answerUnknown reports whether fields of the answer are not known, and with them perhaps
// what it consists of, and how it has ended.
func answerUnknown(x *wire.Exchange) bool {
	unknown := func(f wire.Field) bool { return f.Name == wire.UnknownField || f.Value == wire.UnknownField }
	return x.Response == nil || slices.ContainsFunc(x.Response.Fields, unknown) || x.ResponseBody != nil && slices.ContainsFunc(x.ResponseBody.Trailer, unknown)
}

// checkKept checks that messages are of one call, in order, and as they were sent. It
// returns which.
func (r *rehearsal) checkKept(t *testing.T, what string, told []*wire.Message, dir wire.Dir) (name string) {
	t.Helper()
	next := 0
	for _, m := range told {
		if m.Truncated || m.Missing > 0 || m.Type == "" {
			continue
		}
		at := -1
		for n, a := range r.accounts {
			for i, b := range a.sent[dir] {
				if (name == "" || n == name) && i >= next && strings.Contains(string(m.Data), fmt.Sprintf(`"%s %v %d"`, n, dir, i)) && wantMessage(m, b, false) == "" {
					name, at = n, i
				}
			}
		}
		if at < 0 {
			t.Errorf("%s: nobody has sent %.200q, in this order", what, m.Data)
			continue
		}
		next = at + 1
	}
	return name
}
