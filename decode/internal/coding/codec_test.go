package coding

import (
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/internal/memory"
)

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

// TestAWSChunked removes chunks that are inside of a body, however it is cut.
func TestAWSChunked(t *testing.T) {
	line := strings.Repeat(" ", 4093)
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
		{"0\r\nx:y\r\n" + line + "   \r\n", `""; bad-coding aws-chunked: a chunk size is malformed`},
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

// encodings are all that stand for a text of their own.
var encodings = map[string]func(string) string{
	"gzip": zipped,
	"deflate": func(text string) string {
		return written(text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	},
	"br": func(text string) string {
		return written(text, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	},
	"zstd": func(text string) string {
		return written(text, func(w io.Writer) io.WriteCloser {
			z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
			return z
		})
	},
}

// TestEnds has bodies end, break off, and go on behind the end of their coding.
func TestEnds(t *testing.T) {
	for name, encode := range encodings {
		for _, text := range []string{"a", "some text", strings.Repeat("some text ", 5_000)} {
			b := encode(text)
			all := fmt.Sprintf("%q", text)
			behind := fmt.Sprintf("%q; bad-coding %s: there are bytes behind the end", text+"text that follows", name)
			for _, c := range []struct {
				complete bool
				b, want  string
			}{{true, b, all}, {false, b, all}, {true, b + "text that follows", behind}} {
				for _, pieces := range [][]string{{c.b}, strings.Split(c.b, "")} {
					if got := decode(name, c.complete, pieces...); got != c.want {
						t.Errorf("%s, %d bytes in %d pieces: got %.100s, want %.100s", name, len(c.b), len(pieces), got, c.want)
					}
				}
			}
			for complete, want := range map[bool]string{true: "bad-coding " + name + ": the data end too early", false: ""} {
				out, fault, _ := strings.Cut(decode(name, complete, b[:len(b)/2]), "; ")
				if fault != want || !strings.HasPrefix(all, strings.TrimSuffix(out, `"`)) {
					t.Errorf("half of %d bytes of %s: got %.100s; %s", len(b), name, out, fault)
				}
			}
		}
	}
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
