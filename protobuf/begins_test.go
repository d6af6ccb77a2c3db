package protobuf_test

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/socktrace/socktrace/protobuf"
)

// TestBegins: every beginning of a message begins it, and what is none does not.
func TestBegins(t *testing.T) {
	msg := protowire.AppendString(protowire.AppendTag(nil, 300, protowire.BytesType), "hello")
	msg = protowire.AppendVarint(protowire.AppendTag(msg, 2, protowire.VarintType), 300)
	msg = protowire.AppendFixed32(protowire.AppendTag(msg, 3, protowire.Fixed32Type), 7)
	msg = protowire.AppendFixed64(protowire.AppendTag(msg, 4, protowire.Fixed64Type), 7)
	for n := 1; n < len(msg); n++ {
		if !protobuf.Begins(msg[:n], int64(len(msg))) {
			t.Errorf("%x of %x", msg[:n], msg)
		}
	}
	for name, b := range map[string]string{
		"field 0": "\x00", "no type": "\x0f", "a group": "\x0b\x08", "a length beyond the message": "\x0a\x7f", "a number beyond all": "\x80\x80\x80\x01",
		"a tag without an end": "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "a length beyond the rest": "\x08\x01\x0a\x13",
	} {
		if protobuf.Begins([]byte(b), 20) {
			t.Error(name)
		}
	}
}
