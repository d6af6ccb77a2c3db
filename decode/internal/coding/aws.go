package coding

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// errChunk says that a chunk does not begin as one.
var errChunk = errors.New("a chunk size is malformed")

// maxChunkLine bounds the line before a chunk: it has a size and a signature.
const maxChunkLine = 4 << 10

// unchunk reads what Amazon's clients call aws-chunked: chunks of their own inside
// of the body, each behind a line with its size in hexadecimal and a signature, and
// lines with checksums behind the last (Amazon S3, "Signature calculations for the
// Authorization header: Transferring payload in multiple chunks").
func unchunk(c *Coder) error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 62)
		if err != nil {
			return errChunk
		}
		if n == 0 {
			return c.checksums()
		}
		switch _, err := io.CopyN(c, c, int64(n)); {
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		if line, err = c.line(); err == nil && line != "" {
			err = errChunk
		}
		if err != nil {
			return err
		}
	}
}

// checksums takes what comes behind the last chunk.
func (c *Coder) checksums() error {
	for {
		if _, err := c.line(); errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// line reads a line, without its end.
func (c *Coder) line() (string, error) {
	var line []byte
	for len(line) < maxChunkLine {
		b, err := c.ReadByte()
		switch {
		case err == io.EOF:
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		case b == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, b)
	}
	return "", errChunk
}
