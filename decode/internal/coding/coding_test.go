package coding

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/internal/memory"
)

var looksNames = map[Looks]string{TooFew: "too few", Yes: "yes", Maybe: "maybe", No: "no"}

// TestLookAt tells whether bodies begin as their codings do.
func TestLookAt(t *testing.T) {
	text := strings.Repeat("t", enough)
	for _, c := range []struct{ list, b, looks, atEnd string }{
		{"gzip", "", "too few", "maybe"},
		{"gzip", "\x1f\x8b", "too few", "maybe"},
		{"gzip", "\x1f\x8b\x08", "yes", "yes"},
		{"gzip", "\x1f\x8b\x08more", "yes", "yes"},
		{"gzip", "\x1f\x8b\x09", "no", "no"},
		{"x-gzip", "t", "no", "no"},
		{"zstd", "\x28\xb5\x2f\xfd", "yes", "yes"},
		{"zstd", "\x50\x2a\x4d\x18", "yes", "yes"},
		{"zstd", "\x50\x2a\x4d", "too few", "maybe"},
		{"zstd", "\x28", "too few", "maybe"},
		{"zstd", "\x28\x2a", "no", "no"},
		{"br, gzip", "\x1f\x8b\x08", "yes", "yes"},
		{"gzip, br", "\x1f\x8b\x08", "maybe", "maybe"},
		{"deflate", "\x78\x9c", "yes", "yes"},
		{"deflate", "\x78\x9d", "maybe", "maybe"},
		{"deflate", "\x08\x1d", "yes", "yes"},
		{"deflate", "\x08\x1e", "maybe", "maybe"},
		{"deflate", "\x08", "too few", "maybe"},
		{"deflate", "t\x08", "maybe", "maybe"},
		{"br", "\x78\x9c", "maybe", "maybe"},
		{"br", "\x08\x1d", "maybe", "maybe"},
		{"br", "t", "too few", "maybe"},
		{"br", text[1:], "too few", "maybe"},
		{"br", text, "no", "no"},
		{"br", text[1:] + "\x00", "maybe", "maybe"},
		{"br", text + "\x00", "no", "no"},
		{"aws-chunked", text, "maybe", "maybe"},
		{"aws-chunked", "", "maybe", "maybe"},
		{"identity", "\x1f\x8b\x08", "no", "no"},
		{"", "", "no", "no"},
	} {
		b := []byte(c.b)
		if looks, atEnd := looksNames[LookAt(c.list, b, false)], looksNames[LookAt(c.list, b, true)]; looks != c.looks || atEnd != c.atEnd {
			t.Errorf("%s %q: got %s, at the end %s; want %s, %s", c.list, c.b, looks, atEnd, c.looks, c.atEnd)
		}
	}
}

func TestUnlabelled(t *testing.T) {
	for b, want := range map[string]string{
		"": " false", "\x1f": " false", "\x1f\x8b": " false", "\x1f\x8b\x08": "gzip true", "\x1f\x8b\x08more": "gzip true",
		"\x28\xb5\x2f": " false", "\x28\xb5\x2f\xfd": "zstd true", "\x50\x2a\x4d\x18": " true", "(x": " true", "text": " true",
	} {
		name, known := Unlabelled([]byte(b))
		if got := fmt.Sprint(name, " ", known); got != want {
			t.Errorf("%q: got %s, want %s", b, got, want)
		}
	}
}

// TestZlib has all headers that there may be (RFC 1950, section 2.2).
func TestZlib(t *testing.T) {
	for cmf := range 256 {
		for flg := range 256 {
			if want := cmf%16 == 8 && cmf < 0x80 && (cmf*256+flg)%31 == 0; isZlib([]byte{byte(cmf), byte(flg)}) != want {
				t.Errorf("%#x %#x: got %t", cmf, flg, !want)
			}
		}
	}
}

// TestCodings reads lists of codings, and has what each costs.
func TestCodings(t *testing.T) {
	for list, want := range map[string]string{
		"gzip": "gzip", " GZIP ,x-gzip": "gzip gzip", "gzip, deflate,br , zstd": "zstd br deflate gzip", "aws-chunked": "aws-chunked",
		"identity": "", "": "", ",, Identity ,": "", ",gzip,": "gzip", "gzip,gzip,gzip,gzip,gzip": "unknown", "identity,gzip,gzip,gzip,gzip": "gzip gzip gzip gzip",
		"compress": "unknown", "gzip, none": "unknown", "none, gzip": "unknown",
	} {
		var names []string
		all, known := codecs(list)
		for _, c := range all {
			names = append(names, c.name)
		}
		if !known {
			names = []string{"unknown"}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q: got %s, want %s", list, got, want)
		}
		if k, coded := Known(list); k != known || coded != (known && want != "") {
			t.Errorf("%q: known %t, coded %t", list, k, coded)
		}
	}
	for name, cost := range map[string]int64{"gzip": 128 << 10, "deflate": 128 << 10, "br": 17 << 20, "zstd": 9 << 20, "aws-chunked": 128 << 10} {
		for _, budgetOf := range []int64{2 * cost, 2*cost - 1} {
			m := memory.New(budgetOf)
			a := budget.NewAccount(budget.Of(m))
			c, f := NewChain(name, a, new(sink))
			if enough := budgetOf == 2*cost; (c != nil) != enough || (f.Code == anomaly.NotDecoded) == enough {
				t.Errorf("%s of %d bytes: %+v", name, budgetOf, f)
			}
			if c != nil {
				c.Stop()
				c.Stop()
			}
			a.Close()
			if m.Left() != budgetOf {
				t.Errorf("%s: %d of %d bytes are left", name, m.Left(), budgetOf)
			}
		}
	}
}

// sink is what comes out of a chain.
type sink struct {
	out   []byte
	calls int
	told  []string
}

func (s *sink) Decoded(b []byte)       { s.out = append(s.out, b...); s.calls++ }
func (s *sink) Behind(f anomaly.Fault) { s.told = append(s.told, f.Code+" "+f.Detail) }

// decode gives a chain pieces of bytes.
func decode(list string, complete bool, pieces ...string) string {
	s := new(sink)
	c, f := NewChain(list, budget.NewAccount(nil), s)
	for _, p := range pieces {
		if f = c.Write([]byte(p)); f.Code != "" {
			s.told = append(s.told, f.Code+" "+f.Detail)
			break
		}
	}
	if f.Code == "" {
		if f = c.Close(complete); f.Code != "" {
			s.told = append(s.told, f.Code+" "+f.Detail)
		}
	}
	if !c.Broken() || c.Write([]byte("more")) != (anomaly.Fault{}) {
		s.told = append(s.told, "it goes on")
	}
	return strings.Join(append([]string{fmt.Sprintf("%q", s.out)}, s.told...), "; ")
}

// TestAWSChunked removes chunks that are inside of a body, however it is cut.
func TestAWSChunked(t *testing.T) {
	line := strings.Repeat(" ", maxChunkLine-3)
	for _, c := range []struct{ b, want string }{
		{"3;chunk-signature=x\r\nabc\r\n0;chunk-signature=y\r\n\r\n", `"abc"`},
		{"f\r\n123456789012345\r\n0\r\n\r\n", `"123456789012345"`},
		{"0A \n1234567890\n0\nx-amz-checksum-crc32c:x\n", `"1234567890"`},
		{"3\r\nabc\r\n", `"abc"; bad-coding aws-chunked: the data end too early`},
		{"3\r\nab", `"ab"; bad-coding aws-chunked: the data end too early`},
		{"3", `""; bad-coding aws-chunked: the data end too early`},
		{"3\r\nabcd\r\n", `"abc"; bad-coding aws-chunked: a chunk size is malformed`},
		{"x\r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"g\r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"-1\r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"\r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"3fffffffffffffff\r\nab", `"ab"; bad-coding aws-chunked: the data end too early`},
		{"4000000000000000\r\nab", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"1" + line + "\r\na\r\n0\r\n", `"a"`},
		{"1" + line + " \r\na\r\n0\r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"0\r\n" + line + "   \r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
		{"0\r\nx", `""`},
	} {
		for _, pieces := range [][]string{{c.b}, strings.Split(c.b, "")} {
			if got := decode("aws-chunked", true, pieces...); got != c.want {
				t.Errorf("%.40q in %d pieces: got %s, want %s", c.b, len(pieces), got, c.want)
			}
		}
	}
	if got := decode("aws-chunked", false, "3\r\nab"); got != `"ab"` {
		t.Errorf("a body that is not complete: %s", got)
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// TestMembers decodes several members; what is behind them passes as it is, and what
// is in them is not kept.
func TestMembers(t *testing.T) {
	two := zipped("a") + zipped("b")
	for b, want := range map[string]string{
		two: `"ab"`, two + "\x00": `"ab\x00"; bad-coding gzip: there are bytes behind the end`, two + "text that follows": `"abtext that follows"; bad-coding gzip: there are bytes behind the end`,
		zipped(""): `""`, two[:len(two)-1]: `"ab"; bad-coding gzip: the data end too early`,
	} {
		for _, pieces := range [][]string{{b}, strings.Split(b, "")} {
			if got := decode("gzip", true, pieces...); got != want {
				t.Errorf("%d bytes in %d pieces: got %s, want %s", len(b), len(pieces), got, want)
			}
		}
	}
	c, _ := NewChain("gzip", budget.NewAccount(nil), new(sink))
	c.Write([]byte(zipped("a")))
	long := zipped(strings.Repeat("some text", 10_000))
	c.Write([]byte(long[:len(long)-1]))
	if n := cap(c.layers[0].read); n > 64 {
		t.Errorf("%d bytes are kept of what is decoded", n)
	}
	c.Stop()
}

// TestPassedOn collects what comes out, but not for long.
func TestPassedOn(t *testing.T) {
	for n, calls := range map[int]int{1: 1, maxOut: 1, maxOut + 1: 1, 10: 1} {
		s := new(sink)
		c, _ := NewChain("gzip", budget.NewAccount(nil), s)
		c.Write([]byte(zipped(strings.Repeat("a", n))))
		if len(s.out) != n || s.calls != calls {
			t.Errorf("%d bytes: got %d in %d calls", n, len(s.out), s.calls)
		}
		c.Stop()
	}
}
