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

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// protoSet is a set of descriptors with one method.
func protoSet(t *testing.T) []byte {
	t.Helper()
	number, text, optional := int32(1), descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
	b, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{{
		Name: proto.String("shop.proto"), Package: proto.String("shop.v1"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name:  proto.String("Order"),
			Field: []*descriptorpb.FieldDescriptorProto{{Name: proto.String("item_name"), Number: &number, Type: &text, Label: &optional}},
		}},
		Service: []*descriptorpb.ServiceDescriptorProto{{
			Name:   proto.String("Shop"),
			Method: []*descriptorpb.MethodDescriptorProto{{Name: proto.String("Buy"), InputType: proto.String(".shop.v1.Order"), OutputType: proto.String(".shop.v1.Order")}},
		}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestProto shows messages by the names in a file.
func TestProto(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shop.pb")
	if err := os.WriteFile(file, protoSet(t), 0o600); err != nil {
		t.Fatal(err)
	}
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

// TestProtoErrors refuses files that are no sets of descriptors.
func TestProtoErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, data := range map[string][]byte{"good.pb": protoSet(t), "empty.pb": nil, "x.proto": []byte("syntax = \"proto3\";\n"), "bad.pb": []byte("\x0a\xff")} {
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
