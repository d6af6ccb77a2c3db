package protobuf

import (
	"bytes"
	"encoding/hex"
	"os"
	"testing"
)

// BenchmarkMessages measures messages as BuildKit sends them; the last is a piece of a
// file.
func BenchmarkMessages(b *testing.B) {
	s := Embedded()
	for _, c := range []struct{ name, method string }{
		{"workers", "/moby.buildkit.v1.Control/ListWorkers"},
		{"history", "/moby.buildkit.v1.Control/ListenBuildHistory"},
		{"stat", "/moby.filesync.v1.FileSync/DiffCopy"},
	} {
		m, _ := s.Method(c.method)
		msg := captured(b, c.method)
		b.Run(c.name, func(b *testing.B) { benchmark(b, m.Output, msg) })
	}
	m, _ := s.Method("/moby.filesync.v1.FileSync/DiffCopy")
	b.Run("data", func(b *testing.B) {
		benchmark(b, m.Output, w{}.varint(1, 2).varint(3, 5).len(4, string(make([]byte, 32<<10))))
	})
}

func benchmark(b *testing.B, t *Type, msg []byte) {
	var dst []byte
	b.SetBytes(int64(len(msg)))
	b.ReportAllocs()
	for b.Loop() {
		dst, _ = Embedded().AppendJSON(dst[:0], t, msg, Limits{})
	}
}

// BenchmarkEmbedded measures what it takes to read the descriptors.
func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := With(); err != nil {
			b.Fatal(err)
		}
	}
}

// captured returns the longest message of a server among those that were captured.
func captured(t testing.TB, method string) (longest []byte) {
	t.Helper()
	all, err := os.ReadFile("testdata/messages.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(all) {
		words := bytes.Fields(line)
		if len(words) == 3 && string(words[0]) == method && words[1][0] == '<' && len(words[2]) > 2*len(longest) {
			if longest, err = hex.AppendDecode(nil, words[2]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return longest
}
