package tls

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"hash"
)

// cbc is the opener of suites with CBC (RFC 5246, section 6.2.3.2). Nobody measures how
// long it takes, so that it may be simple.
type cbc struct {
	block   cipher.Block
	mac     hash.Hash
	encrypt bool   // before the MAC is made (RFC 7366)
	chained bool   // TLS 1.0: a record goes on where the one before ended
	iv      []byte // where that is
	next    uint64 // of the record there
}

func newCBC(s suite, key, mac, iv []byte, encryptFirst bool) (opener, error) {
	block, err := newBlock(s, key)
	if err != nil {
		return nil, err
	}
	return &cbc{block: block, mac: hmac.New(s.mac.New, mac), encrypt: encryptFirst, chained: iv != nil, iv: iv}, nil
}

func (c *cbc) overhead() int {
	n := c.mac.Size() + 1
	if !c.chained {
		n += c.block.BlockSize()
	}
	return n
}

func (c *cbc) open(dst []byte, seq uint64, h head, fragment []byte) ([]byte, bool) {
	size := c.block.BlockSize()
	if len(fragment) < c.overhead() || c.chained && seq != c.next {
		return nil, false
	}
	var tag []byte
	if c.encrypt {
		fragment, tag = cut(fragment, c.mac.Size())
		if !c.authentic(seq, h, fragment, tag) {
			return nil, false
		}
	}
	iv, text := c.iv, fragment
	if !c.chained {
		iv, text = fragment[:size], fragment[size:]
	}
	if len(text) == 0 || len(text)%size != 0 {
		return nil, false
	}
	from := len(dst)
	dst = append(dst, text...)
	plain := dst[from:]
	cipher.NewCBCDecrypter(c.block, iv).CryptBlocks(plain, plain)
	plain, ok := unpad(plain)
	if ok && !c.encrypt {
		if len(plain) < c.mac.Size() {
			return nil, false
		}
		plain, tag = cut(plain, c.mac.Size())
		ok = c.authentic(seq, h, plain, tag)
	}
	if !ok {
		return nil, false
	}
	if c.chained {
		c.iv, c.next = bytes.Clone(text[len(text)-size:]), seq+1
	}
	return dst[:from+len(plain)], true
}

// authentic reports whether tag is the MAC of b.
func (c *cbc) authentic(seq uint64, h head, b, tag []byte) bool {
	before := macHead(seq, h, len(b))
	c.mac.Reset()
	c.mac.Write(before[:])
	c.mac.Write(b)
	return hmac.Equal(c.mac.Sum(nil), tag)
}

// cut returns b without its last n bytes, and those.
func cut(b []byte, n int) (before, last []byte) { return b[:len(b)-n], b[len(b)-n:] }

// unpad returns b without the padding at its end, each byte of which says how long it
// is, itself aside.
func unpad(b []byte) (plain []byte, ok bool) {
	n := int(b[len(b)-1]) + 1
	if n > len(b) {
		return nil, false
	}
	plain, padding := cut(b, n)
	return plain, bytes.Count(padding, padding[:1]) == n
}
