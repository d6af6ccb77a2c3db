package tls

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestRFC8448 reads the traces of RFC 8448: of its sections 3, 4 and 5. In testdata are their
// records, and their secrets as a key log has them.
func TestRFC8448(t *testing.T) {
	said := ""
	for c := range byte(50) {
		said += string(rune(c))
	}
	for _, tt := range []struct {
		name            string
		asked, answered string
		resumed         bool
	}{
		{"simple", said, said, false},
		{"resumed", "ABCDEF" + said, said, true}, // the first is early data
		{"retry", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			keys, err := os.ReadFile("testdata/rfc8448_" + tt.name + ".keys")
			if err != nil {
				t.Fatal(err)
			}
			chunks := recordsIn(t, "testdata/rfc8448_"+tt.name+".hex")
			o := decoded(chunks, keysOf(keys))
			log := strings.Join(o.log, "\n")
			if string(o.plain[wire.ToServer]) != tt.asked || string(o.plain[wire.ToClient]) != tt.answered || strings.Count(log, " end ") != 2 ||
				strings.Contains(log, "bad-tls") || strings.Contains(log, "lost") || strings.Contains(log, "missed") {
				t.Errorf("got %q and %q\n%s", o.plain[0], o.plain[1], log)
			}
			i := o.info
			if i.Version != "TLS 1.3" || i.Cipher != "TLS_AES_128_GCM_SHA256" || i.ServerName != "server" || i.Opaque != "" || i.Resumed != tt.resumed || (len(i.Server) == 1) == tt.resumed {
				t.Errorf("%+v", i)
			}
			if !tt.resumed && i.Server[0].Subject != "CN=rsa" {
				t.Errorf("%+v", i.Server)
			}
			if got := strings.Join(cutUp(chunks, keysOf(keys), func() int { return 1 }).log, "\n"); got != log {
				t.Errorf("byte by byte:\n%s\nwant\n%s", got, log)
			}
		})
	}
}

// recordsIn returns what is in a file: a record in a line, with who says it.
func recordsIn(t *testing.T, file string) (chunks []chunk) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		who, digits, _ := strings.Cut(strings.TrimSpace(line), " ")
		b, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(err)
		}
		c := chunk{dir: wire.ToServer, data: b}
		if who == "<" {
			c.dir = wire.ToClient
		}
		chunks = append(chunks, c)
	}
	return chunks
}
