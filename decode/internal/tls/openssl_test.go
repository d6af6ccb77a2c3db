package tls

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

var recordNow = flag.String("record", "", "record this session in testdata anew, or all, with the program openssl")

// opensslTalk is a session between s_client and s_server of OpenSSL, which have what Go
// has not.
type opensslTalk struct {
	name           string
	server, client []string // options
	question       []string // lines that the client is given
	asked          string   // what it says then; empty: that
	early          string
	cipher         string
	version        string
}

var opensslTalks = []opensslTalk{
	{name: "encrypt_then_mac", client: []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"}, version: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
	{name: "encrypt_then_mac_256", client: []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"}, version: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
	{name: "dhe_rsa", client: []string{"-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"}, version: "TLS 1.2", cipher: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
	{name: "rsa", client: []string{"-tls1_2", "-cipher", "AES128-SHA256"}, version: "TLS 1.2", cipher: "TLS_RSA_WITH_AES_128_CBC_SHA256"},
	{name: "tls11", client: []string{"-tls1_1", "-cipher", "ECDHE-ECDSA-AES128-SHA@SECLEVEL=0"}, server: []string{"-cipher", "ALL@SECLEVEL=0"}, version: "TLS 1.1", cipher: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
	{name: "tls10", client: []string{"-tls1", "-cipher", "ECDHE-ECDSA-AES256-SHA@SECLEVEL=0"}, server: []string{"-cipher", "ALL@SECLEVEL=0"}, version: "TLS 1.0", cipher: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
	{name: "tls13_aes256", client: []string{"-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"}, version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
	{name: "tls13_chacha20", client: []string{"-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, version: "TLS 1.3", cipher: "TLS_CHACHA20_POLY1305_SHA256"},
	{name: "tls13_ccm", client: []string{"-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"}, server: []string{"-ciphersuites", "TLS_AES_128_CCM_SHA256"}, version: "TLS 1.3", cipher: "TLS_AES_128_CCM_SHA256"},
	{name: "tls12_ccm", client: []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM"}, server: []string{"-cipher", "ALL"}, version: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
	{name: "renegotiated", client: []string{"-tls1_2"}, server: []string{"-client_renegotiation"}, question: []string{"before\n", "R\n", "behind\n"}, asked: "before\nbehind\n", version: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
	{name: "renegotiated_cbc", client: []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"}, server: []string{"-client_renegotiation"}, question: []string{"before\n", "R\n", "behind\n"}, asked: "before\nbehind\n", version: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
	{name: "padding", client: []string{"-tls1_3", "-record_padding", "256"}, version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
	{name: "key_update", client: []string{"-tls1_3"}, question: []string{"before\n", "K\n", "behind\n", "k\n", "last\n"}, asked: "before\nbehind\nlast\n", version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
	{name: "resumed12", client: []string{"-tls1_2"}, version: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
	{name: "resumed13", client: []string{"-tls1_3"}, version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
	{name: "early", client: []string{"-tls1_3"}, server: []string{"-early_data"}, early: "early data\n", version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
	{name: "early_rejected", client: []string{"-tls1_3"}, server: []string{"-early_data"}, early: "early data\n", version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
	{name: "early_retry", client: []string{"-tls1_3"}, server: []string{"-early_data", "-groups", "P-256"}, early: "early data\n", version: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384"},
}

func (o *opensslTalk) lines() []string {
	if o.question == nil {
		return []string{"one line\n", "another\n"}
	}
	return o.question
}

func (o *opensslTalk) said() string {
	if o.asked != "" {
		return o.asked
	}
	return strings.Join(o.lines(), "")
}

const opensslAnswer = "what the server says\n"

// TestOpenSSL reads the sessions that were recorded.
func TestOpenSSL(t *testing.T) {
	if *recordNow != "" {
		recordOpenSSL(t)
	}
	for _, tt := range opensslTalks {
		t.Run(tt.name, func(t *testing.T) {
			chunks, keys := recorded(t, tt.name)
			o := decoded(chunks, keysOf(keys))
			said := strings.Join(o.log, "\n")
			if o.info.Version != tt.version || o.info.Cipher != tt.cipher {
				t.Errorf("%+v", o.info)
			}
			if strings.HasSuffix(tt.name, "_ccm") {
				if o.info.Opaque != "the cipher suite "+tt.cipher+" cannot be decrypted" {
					t.Error(o.info.Opaque)
				}
				return
			}
			want := tt.said()
			if tt.name == "early" {
				want = tt.early + want
			}
			resumed := strings.HasPrefix(tt.name, "resumed") || tt.name == "early"
			answer := opensslAnswer
			if resumed || tt.name == "early_retry" { // the client before it got that
				answer = ""
			}
			if string(o.plain[0]) != want || string(o.plain[1]) != answer || strings.Contains(said, "bad-tls") || strings.Contains(said, "lost") {
				t.Errorf("got %q and %q\n%s", o.plain[0], o.plain[1], said)
			}
			if o.info.Resumed != resumed || (o.info.Server == nil) != resumed {
				t.Errorf("%+v", o.info)
			}
			// However it is cut, and whatever is missing.
			for n := 1; n < 40; n += 7 {
				if got := strings.Join(cutUp(chunks, keysOf(keys), func() int { return n }).log, "\n"); got != said {
					t.Errorf("in pieces of %d bytes:\n%s\nwant\n%s", n, got, said)
				}
			}
			// Whether early data was accepted may be among it.
			for dir := range wire.Dir(2) {
				for from := 0; from < 4000; from += 23 {
					if o := decoded(without(chunks, dir, from, from+40, false), keysOf(keys)); !pieces(string(o.plain[0]), want) && !pieces(string(o.plain[0]), tt.early+want) || !pieces(string(o.plain[1]), answer) {
						t.Fatalf("without 40 bytes from %d: %q, %q\n%s", from, o.plain[0], o.plain[1], strings.Join(o.log, "\n"))
					}
				}
			}
		})
	}
}

// recorded returns a session in testdata.
func recorded(t *testing.T, name string) (chunks []chunk, keys []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := transcript.Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Conns[0].Chunks {
		chunks = append(chunks, chunk{dir: c.Dir, data: c.Data, eof: c.EOF})
	}
	if keys, err = os.ReadFile(filepath.Join("testdata", name+".keys")); err != nil {
		t.Fatal(err)
	}
	return chunks, keys
}

// recordOpenSSL records all of them.
func recordOpenSSL(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	ec, rsa := filepath.Join(dir, "ec"), filepath.Join(dir, "rsa")
	run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", ec+".key", "-out", ec+".pem", "-days", "3650", "-subj", "/CN=server")
	run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", rsa+".key", "-out", rsa+".pem", "-days", "3650", "-subj", "/CN=server")
	for n, tt := range opensslTalks {
		if *recordNow != "all" && *recordNow != tt.name {
			continue
		}
		port := fmt.Sprint(29700 + n)
		keys := filepath.Join("testdata", tt.name+".keys")
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		session := filepath.Join(dir, tt.name+".session")
		start := func(more ...string) (stop func()) {
			args := append([]string{"s_server", "-quiet", "-accept", "127.0.0.1:" + port, "-cert", ec + ".pem", "-key", ec + ".key", "-dcert", rsa + ".pem", "-dkey", rsa + ".key"}, tt.server...)
			server := exec.Command("openssl", append(args, more...)...)
			in, err := server.StdinPipe()
			if err == nil {
				server.Stdout, server.Stderr = io.Discard, os.Stderr
				err = server.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(300 * time.Millisecond)
			go func() { // to whoever connects last
				time.Sleep(1500 * time.Millisecond)
				io.WriteString(in, opensslAnswer)
			}()
			return func() { server.Process.Kill(); server.Wait() }
		}
		stop := start()
		client := func(to string, lines []string, more ...string) {
			args := append([]string{"s_client", "-connect", to, "-keylogfile", keys}, tt.client...)
			c := exec.Command("openssl", append(args, more...)...)
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			c.Stdout, c.Stderr = &out, &out
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(400 * time.Millisecond)
			for _, l := range lines {
				io.WriteString(in, l)
				time.Sleep(200 * time.Millisecond)
			}
			time.Sleep(1500 * time.Millisecond)
			in.Close()
			if err := c.Wait(); err != nil {
				t.Logf("%s: %v\n%s", tt.name, err, out.String())
			}
		}
		var more []string
		if tt.early != "" || strings.HasPrefix(tt.name, "resumed") {
			client("127.0.0.1:"+port, nil, "-sess_out", session)
			more = []string{"-sess_in", session}
			if tt.name == "early_rejected" { // another server, which does not know it
				stop()
				stop = start()
			}
		}
		os.Remove(keys)
		if tt.early != "" {
			file := filepath.Join(dir, "early")
			if err := os.WriteFile(file, []byte(tt.early), 0o666); err != nil {
				t.Fatal(err)
			}
			more = append(more, "-early_data", file)
		}
		to, wait := relay(t, "127.0.0.1:"+port, tt.name)
		client(to, tt.lines(), more...)
		wait()
		stop()
	}
}

// relay returns where a client may connect to be recorded, and what writes that down.
func relay(t *testing.T, to, name string) (addr string, wait func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &transcript.Conn{}
	var mu sync.Mutex
	var both sync.WaitGroup
	copyTo := func(dir wire.Dir, dst, src net.Conn) {
		defer both.Done()
		b := make([]byte, 64<<10)
		for {
			n, err := src.Read(b)
			mu.Lock()
			c.Chunks = append(c.Chunks, transcript.Chunk{At: time.Duration(len(c.Chunks)+1) * time.Millisecond, Dir: dir, Data: bytes.Clone(b[:n]), EOF: err != nil})
			mu.Unlock()
			dst.Write(b[:n])
			if err != nil {
				dst.(*net.TCPConn).CloseWrite()
				return
			}
		}
	}
	both.Add(2)
	go func() {
		a, err := l.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("tcp", to)
		if err != nil {
			panic(err)
		}
		go copyTo(wire.ToServer, b, a)
		copyTo(wire.ToClient, a, b)
	}()
	return l.Addr().String(), func() {
		both.Wait()
		l.Close()
		c.Close = &transcript.Close{At: c.Chunks[len(c.Chunks)-1].At}
		text := (&transcript.Session{Conns: []*transcript.Conn{c}}).Format()
		if err := os.WriteFile(filepath.Join("testdata", name+".txt"), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
