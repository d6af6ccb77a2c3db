//go:build unix

package main

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestProto shows messages by the names in a file: that is what protoc makes of
//
//	package shop.v1;
//	message Order { string item_name = 1; }
//	service Shop { rpc Buy(Order) returns (Order); }
func TestProto(t *testing.T) {
	t.Parallel()
	file := filepath.Join("testdata", "shop.pb")
	daemon := fakeDaemon(t, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		r.Body.Close()
		_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
	})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--proto", file}, `"type":"shop.v1.Order"`},
		{[]string{"--proto", file}, `{"itemName":"tea"}`},
		{nil, `{"1:len":"tea"}`},
	} {
		l := listenTo(t, daemon, append([]string{"-f", "jsonl"}, c.args...)...)
		conn := l.dial()
		if _, err := conn.Write([]byte("POST /shop.v1.Shop/Buy HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc\r\nContent-Length: 10\r\n\r\n\x00\x00\x00\x00\x05\n\x03tea")); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
		conn.Close()
		await(t, "the end of the connection", func() bool { return strings.Contains(l.saved(), `"event":"close"`) })
		l.stop(syscall.SIGINT)
		if got := l.saved(); !strings.Contains(got, c.want) && !strings.Contains(got, strings.ReplaceAll(c.want, `"`, `\"`)) {
			t.Errorf("%q: %s\nwant %s", c.args, got, c.want)
		}
	}
}

// TestProtoDecoded says, once, that recordings without the bytes keep the names that
// they have; to a capture it says nothing.
func TestProtoDecoded(t *testing.T) {
	t.Parallel()
	r := recordingsIn(t.TempDir())
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, r.flags()...)...).end().status, "exit status 0")
	proto := []string{"--proto", filepath.Join("testdata", "shop.pb")}
	const behind = ": its messages were decoded when it was recorded (a pcapng has the bytes)\n"
	for _, c := range []struct {
		flags, files []string
		told         string // of which file it is said
	}{
		{proto, []string{r.har}, r.har},
		{proto, []string{r.live}, r.live},
		{proto, []string{r.pcapng, r.live, r.har}, r.live},
		{proto, []string{r.pcapng}, ""},
		{nil, []string{r.har, r.live}, ""},
	} {
		got := socktrace(t, nil, append(append([]string{"read", "-q"}, c.flags...), c.files...)...).end()
		check(t, "status", got.status, "exit status 0")
		n := 0
		if c.told != "" {
			n = 1
			if want := "socktrace: --proto has no effect on " + c.told + behind; !strings.Contains(got.err, want) {
				t.Errorf("%q: %s\nwant %s", c.files, got.err, want)
			}
		}
		check(t, "times that it is said", strings.Count(got.err, "--proto"), n)
	}
}

// TestProtoErrors refuses files that are no sets of descriptors.
func TestProtoErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, data := range map[string][]byte{"good.pb": []byte(readFile(t, filepath.Join("testdata", "shop.pb"))), "empty.pb": nil, "x.proto": []byte("syntax = \"proto3\";\n"), "bad.pb": []byte("\x0a\xff")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	huge := filepath.Join(dir, "huge.pb")
	if f, err := os.Create(huge); err != nil || f.Truncate(maxProto+1) != nil || f.Close() != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"none.pb":  "socktrace: --proto: open DIR/none.pb: no such file or directory\n",
		"empty.pb": "socktrace: --proto DIR/empty.pb: not a set of descriptors: there is nothing in it\n",
		"x.proto":  "socktrace: --proto DIR/x.proto: not a set of descriptors: it is text; protoc --descriptor_set_out=FILE --include_imports makes one of it\n",
		"bad.pb":   "socktrace: --proto DIR/bad.pb: not a set of descriptors: it ends within a field\n",
		"huge.pb":  "socktrace: --proto: DIR/huge.pb: more than 64m: no set of descriptors\n",
		"":         "socktrace: --proto: read DIR: is a directory\n",
	} {
		got := socktrace(t, nil, "demo", "--proto", filepath.Join(dir, "good.pb"), "--proto", filepath.Join(dir, name)).end()
		if want = strings.ReplaceAll(want, "DIR", dir); got.err != want || got.out != "" || got.status != "exit status 1" {
			t.Errorf("%s: %s, %q\nwant %q", name, got.status, got.err, want)
		}
	}
}
