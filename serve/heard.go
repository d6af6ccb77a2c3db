package serve

import (
	"encoding/binary"
	"io"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/protobuf"
)

// hear reads the prefix of a message of gRPC, and returns its size and whether it is as it is,
// without a compression.
func hear(r io.Reader) (size int64, plain bool, err error) {
	var prefix [prefixSize]byte
	_, err = io.ReadFull(r, prefix[:])
	return int64(binary.BigEndian.Uint32(prefix[1:])), prefix[0] == 0, err
}

// hearFirst reads a message of a call of a method from its client, as JSON, as a recording has it.
// kept is false if it is too long to be compared, or compressed: it is nothing then. What it returns is
// charged to held.
func hearFirst(r io.Reader, path string, held *memory.Account) (doc []byte, typ string, kept bool, err error) {
	size, plain, err := hear(r)
	if err != nil {
		return nil, "", false, err
	}
	if !plain || size > maxCompared {
		_, err = io.CopyN(io.Discard, r, size)
		return nil, "", false, err
	}
	if !held.Take(int(size) * perByte) {
		return nil, "", false, errBusy
	}
	msg := make([]byte, size)
	if _, err = io.ReadFull(r, msg); err != nil {
		return nil, "", false, err
	}
	method, _ := protobuf.Embedded().Method(path)
	t := method.TypeOf(false, msg)
	if t != nil {
		typ = t.Name()
	}
	return shown(t, msg), typ, true, nil
}

// oneMessage is what a message is counted by, where in a stream bytes are.
var oneMessage = []byte{0}

// perByte is about how many bytes are needed at once to show one of a message.
const perByte = 4

// hearAll counts the messages that come, until no more do.
func (t *typed) hearAll(r io.Reader) error {
	for {
		size, _, err := hear(r)
		if err == nil {
			_, err = io.CopyN(io.Discard, r, size)
		}
		if err != nil {
			t.add(nil, true)
			if err == io.EOF {
				return nil
			}
			return err
		}
		t.add(oneMessage, false)
	}
}
