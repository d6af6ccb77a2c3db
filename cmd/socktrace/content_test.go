//go:build unix

package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"
)

// inUTF16 encodes s, behind a byte order mark.
func inUTF16(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// oneMessage puts s behind the head of a message of gRPC-Web.
func oneMessage(s string) string {
	return string(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(s)))) + s
}

// field is a part of multipart/form-data, whose boundary is B.
func field(name, s string) string {
	return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + s + "\r\n"
}

// contentPlants are secrets in bodies that are not simply JSON, both ways.
func contentPlants() []plant {
	var all []plant
	for _, c := range []struct{ name, fields, before, after string }{
		{"mark", "Content-Type: application/json\r\n", "\ufeff", ""},
		{"guard", "Content-Type: application/json\r\n", ")]}',\n", ""},
		{"comment", "Content-Type: application/json\r\n", "/* one */ // two\n", ""},
		{"callback", "Content-Type: application/javascript\r\n", "back(", ");\n"},
		{"amazon", "Content-Type: application/x-amz-json-1.1\r\n", "", ""},
		{"bytes", "Content-Type: application/octet-stream\r\n", "", ""},
		{"none", "Content-Type: application/json\r\nContent-Encoding: none\r\n", "", ""},
		{"lie", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "", ""},
		{"event", "Content-Type: text/event-stream\r\n", "event: add\ndata: ", "\n\n"},
		{"latin", "Content-Type: application/json; charset=iso-8859-1\r\n", "", " \xe9"},
		{"junk", "Content-Type: text/plain\r\n", "", "\nand more"},
	} {
		all = append(all, bothWays(c.name, c.fields, func(doc string) string { return c.before + doc + c.after }))
	}
	return append(all,
		bothWays("inspect wide", "Content-Type: application/json; charset=utf-16\r\n", inUTF16),
		bothWays("inspect twice", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", func(doc string) string { return gzipped(gzipped(doc)) }),
		bothWays("inspect behind", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", func(doc string) string { return gzipped(`{"a":1}`) + doc }),
		bothWays("envelope", "Content-Type: application/connect+json\r\n", oneMessage),
		bothWays("envelope text", "Content-Type: application/grpc-web-text+json\r\n", func(doc string) string { return base64.StdEncoding.EncodeToString([]byte(oneMessage(doc))) }),
		bothWays("multipart", "Content-Type: multipart/form-data; boundary=B\r\n", func(doc string) string {
			return field("seen", "shown") + field("doc", doc) + field("\u00e9", "caf\xe9") + "--B--\r\n"
		}),
		bothWays("form", "Content-Type: application/x-www-form-urlencoded\r\n", func(doc string) string {
			return "password=" + secret("field") + "&seen=shown+text&doc=" + strings.NewReplacer("%", "%25", "&", "%26").Replace(doc)
		}),
		bothWays("file", "Content-Type: multipart/mixed; boundary=B\r\n", func(doc string) string {
			return field("password", secret("part")) + field("file", "\x00binary"+strings.Repeat("x", 100)) + "--B--\r\n"
		}))
}

// bothWays sends a body with a secret to the daemon and back.
func bothWays(name, fields string, body func(doc string) string) plant {
	s := secret(name)
	b := body(`{"seen":"shown","password":"` + s + `"}`)
	p := plant{name, nil, []string{
		fmt.Sprintf("> POST /%s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s", name[:3], fields, len(b), b),
		fmt.Sprintf("< HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", fields, len(b), b)}}
	for _, s := range []string{s, secret("field"), secret("part")} {
		if strings.Contains(b, s) || strings.HasPrefix(name, "inspect") && s == secret(name) {
			p.secrets = append(p.secrets, s)
		}
	}
	return p
}

// channelPlant is what kubectl exec says over the channels of a WebSocket.
func channelPlant() plant {
	frame := func(s string) string { return "\x82" + string(rune(len(s))) + s }
	return plant{"channels", []string{secret("keys")}, []string{
		"> GET /api/v1/namespaces/d/pods/p/exec?stdin=true HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
		"< HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
		"> \x82" + string([]byte{0x80 | byte(len(secret("keys"))+1)}) + "\x00\x00\x00\x00\x00" + secret("keys"),
		"< " + frame("\x01out\n") + frame("\x02err\n") + frame("\x03{\"status\":\"Success\"}") + "\x88\x02\x03\xe8"}}
}

// TestContentAgrees records bodies of all kinds, and streams: what is read back is
// what was told live, masked and not.
func TestContentAgrees(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	for _, secrets := range []string{"--show-secrets=false", "--show-secrets"} {
		t.Run(secrets, func(t *testing.T) {
			dir := t.TempDir()
			r := recordings{filepath.Join(dir, "trace.jsonl"), filepath.Join(dir, "trace.har"), filepath.Join(dir, "trace.pcapng")}
			l := listenWith(t, nil, daemon, append(r.flags(), secrets)...)
			for _, p := range append(contentPlants(), channelPlant()) {
				p.play(t, l.path, conns)
			}
			check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
			if secrets != "--show-secrets" {
				r.pcapng = r.har // what is masked later has other marks
			}
			checkAgree(t, r, secrets)
		})
	}
}
