package pcap

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

func process(name string, pid, uid int) *wire.Process {
	return &wire.Process{Name: name, PID: pid, UID: uid}
}

// peers are ends of connections, most of them made to confuse a parser.
var peers = []wire.Peer{
	{},
	{Addr: "unix:///run/docker.sock"},
	{Addr: "unix://@abstract"},
	{Addr: "unix:///a b/c\"d\\e\n to ?"},
	{Addr: "tcp://192.0.2.1:2375"},
	{Addr: "tcp://[2001:db8::1]:2375"},
	{Addr: "tcp://[::1]"},
	{Addr: "?"},
	{Addr: "docker[4711]"},
	{Addr: "\xff\x00://\u202e"},
	{Process: process("docker", 4711, 1000)},
	{Process: process("docker", 4711, -1)},
	{Process: process("", 0, 0)},
	{Process: process("?", 1, 1)},
	{Process: process("to", -7, -2)},
	{Process: process("x[1]", 2, 3)},
	{Process: process("a://b", 2, 3)},
	{Process: process("kworker/0:1 to unix:///x", 2, 3)},
	{Process: process("\x1b[31m\xfe\"", 1<<30, 1<<30)},
	{Addr: "unix:///run/x.sock", Process: process("dockerd", 12, 0)},
	{Addr: "tcp://[::1]:1", Process: process("to", 12, -1)},
	{Addr: "a b", Process: process("c d", 12, 5)},
}

func TestOpenComment(t *testing.T) {
	for _, client := range peers {
		for _, server := range peers {
			c := &wire.Conn{ID: 3, Client: client, Server: server}
			text := string(appendOpenComment(nil, c))
			got := parseComment(text)
			want := comment{kind: openComment, id: 3, client: client, server: server}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s\ngot  %+v\nwant %+v", text, got, want)
			}
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\n\u202e") {
				t.Errorf("%q is not fit for a terminal", text)
			}
		}
	}
}

// TestCommentTexts keeps the texts as they are documented.
func TestCommentTexts(t *testing.T) {
	conn := func(client, server wire.Peer) []byte {
		return appendOpenComment(nil, &wire.Conn{ID: 3, Client: client, Server: server})
	}
	unix := wire.Peer{Addr: "unix:///run/docker.sock"}
	for _, c := range []struct {
		got  []byte
		want string
	}{
		{conn(peers[10], unix), "socktrace: connection 3 from docker[4711] uid 1000 to unix:///run/docker.sock"},
		{conn(wire.Peer{}, peers[19]), "socktrace: connection 3 from ? to unix:///run/x.sock dockerd[12] uid 0"},
		{conn(peers[5], peers[4]), "socktrace: connection 3 from tcp://[2001:db8::1]:2375 to tcp://192.0.2.1:2375"},
		{conn(peers[15], unix), `socktrace: connection 3 from "x[1]"[2] uid 3 to unix:///run/docker.sock`},
		{appendLostComment(nil, 3, 512), "socktrace: connection 3 lost 512 bytes before this"},
		{appendLostComment(nil, 3, -1), "socktrace: connection 3 lost bytes before this"},
		{appendCloseComment(nil, 3, nil), "socktrace: connection 3 closed"},
		{appendCloseComment(nil, 3, errors.New("a \"b\"")), `socktrace: connection 3 closed: "a \"b\""`},
		{appendStopComment(nil, 3), "socktrace: connection 3 open until here"},
	} {
		if string(c.got) != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}

func TestOtherComments(t *testing.T) {
	for _, c := range []comment{
		{kind: lostComment, id: 7, lost: 512},
		{kind: lostComment, id: 7, lost: -1},
		{kind: stopComment, id: 7},
		{kind: closeComment, id: 7},
		{kind: closeComment, id: 7, err: errors.New("")},
		{kind: closeComment, id: -7, err: errors.New("client: \"x\"\n\xff")},
	} {
		text := appendCloseComment(nil, c.id, c.err)
		switch c.kind {
		case lostComment:
			text = appendLostComment(nil, c.id, c.lost)
		case stopComment:
			text = appendStopComment(nil, c.id)
		}
		if got := parseComment(string(text)); !reflect.DeepEqual(got, c) {
			t.Errorf("%s\ngot  %+v\nwant %+v", text, got, c)
		}
	}
}

// TestForeignComments has comments that are not ours, or not any more.
func TestForeignComments(t *testing.T) {
	for _, text := range []string{
		"", "socktrace: connection ", "socktrace: connection x closed", "socktrace: connection 3",
		"socktrace: connection 3 closed by hand", "socktrace: connection 3 closed: why", "socktrace: connection 3 closed: ", `socktrace: connection 3 closed: "a`,
		"socktrace: connection 3 lost 0 bytes before this", "socktrace: connection 3 lost -4 bytes before this",
		"socktrace: connection 3 lost 5 bytes before thi",
		"socktrace: connection 3 from ? to", "socktrace: connection 3 from  to ?", "socktrace: connection 3 from a b to ?",
		"socktrace: connection 3 from docker[] to ?", "socktrace: connection 3 from docker[1 to ?",
		"socktrace: connection 3 from docker[1] uid to ?", "socktrace: connection 99999999999999999999 closed",
		"Socktrace: connection 3 closed",
	} {
		if got := parseComment(text); got.kind != notOurs {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

// FuzzComment reads anything, and what was written for it.
func FuzzComment(f *testing.F) {
	for _, p := range peers {
		name := ""
		if p.Process != nil {
			name = p.Process.Name
		}
		f.Add(string(appendOpenComment(nil, &wire.Conn{Client: p, Server: p})), p.Addr, name)
	}
	f.Fuzz(func(t *testing.T, text, addr, name string) {
		if c := parseComment(text); c.kind == openComment {
			again := parseComment(string(appendOpenComment(nil, &wire.Conn{ID: c.id, Client: c.client, Server: c.server})))
			if !reflect.DeepEqual(again, c) {
				t.Errorf("%q is %+v, but once written and read %+v", text, c, again)
			}
		}
		want := wire.Peer{Addr: addr, Process: process(name, 5, 6)}
		got := parseComment(string(appendOpenComment(nil, &wire.Conn{Client: want, Server: want})))
		if !reflect.DeepEqual(got.client, want) || !reflect.DeepEqual(got.server, want) {
			t.Errorf("got %+v, want %+v twice", got, want)
		}
	})
}
