//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
)

// soakClient does things by way of a socket, one after the other, and checks what comes
// of them.
type soakClient struct {
	dial func() (net.Conn, error)
	http *http.Client
	done int
}

// newSoakClient returns a client that connects so.
func newSoakClient(dial func() (net.Conn, error)) *soakClient {
	t := &http.Transport{DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) { return dial() }}
	return &soakClient{dial: dial, http: &http.Client{Transport: t}}
}

// Sizes of what it gets.
const (
	soakBulk  = 3 << 20
	soakLines = 40
)

// soakBytes are the bytes that belong to a name, as long as is asked for.
func soakBytes(name string, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte(name))).Read(b)
	return b
}

// soakLine is a line that a container of this name prints.
func soakLine(name string, i int) string { return fmt.Sprintf("line %d of %s\n", i, name) }

// soakFrame is text as one frame of standard output.
func soakFrame(text string) []byte {
	b := binary.BigEndian.AppendUint32([]byte{1, 0, 0, 0}, uint32(len(text)))
	return append(b, text...)
}

// soakTarget is where to ask for something of a container.
func soakTarget(kind, name string) string { return "/v1.41/containers/" + name + "/" + kind }

// do does one thing. A connection is used for some of them.
func (c *soakClient) do(kind, name string) error {
	if c.done++; c.done%7 == 0 {
		c.http.CloseIdleConnections()
	}
	if kind == "attach" {
		return c.attach(name)
	}
	var res *http.Response
	var err error
	sent := soakBytes(name, 1000)
	if kind == "update" {
		res, err = c.http.Post("http://docker"+soakTarget(kind, name), "application/octet-stream", bytes.NewReader(sent))
	} else {
		res, err = c.http.Get("http://docker" + soakTarget(kind, name))
	}
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var want []byte
	switch kind {
	case "json":
		want = fmt.Appendf(nil, `{"Id":%q,"Name":"/%s","State":{"Running":true}}`+"\n", hex.EncodeToString(soakBytes(name, 32)), name)
	case "update":
		sum := sha256.Sum256(sent)
		want = fmt.Appendf(nil, `{"Warnings":[%q]}`, hex.EncodeToString(sum[:]))
	case "export":
		want = soakBytes(name, soakBulk)
	case "logs":
		for i := range soakLines {
			want = append(want, soakFrame(soakLine(name, i))...)
		}
	}
	if res.StatusCode != http.StatusOK || !bytes.Equal(got, want) {
		return fmt.Errorf("status %d with %d bytes, want %d others", res.StatusCode, len(got), len(want))
	}
	return nil
}

// attach sends lines, ends its half, and reads them back.
func (c *soakClient) attach(name string) error {
	conn, err := c.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n", soakTarget("attach", name))
	var want []byte
	for i := range soakLines {
		line := soakLine(name, i)
		if _, err := io.WriteString(conn, line); err != nil {
			return err
		}
		want = append(want, soakFrame(line)...)
	}
	if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		return err
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		return err
	}
	head, rest, _ := bytes.Cut(got, []byte("\r\n\r\n"))
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) || !bytes.Equal(rest, want) {
		return fmt.Errorf("%d bytes, want %d others", len(rest), len(want))
	}
	return nil
}

// soakClientVar names the socket of the daemon that this process is a client of.
const soakClientVar = "SOCKTRACE_SOAK_CLIENT"

// playSoakClient does what each line of the input names, with a kind and a name, and
// says how often it has connected so far, and how it went.
func playSoakClient(socket string) {
	dialed := 0
	c := newSoakClient(func() (net.Conn, error) {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			dialed++
		}
		return conn, err
	})
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		kind, name, _ := strings.Cut(lines.Text(), " ")
		said := "well"
		if err := c.do(kind, name); err != nil {
			said = strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(dialed, said)
	}
}
