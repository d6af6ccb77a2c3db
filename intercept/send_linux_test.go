package intercept

import (
	"bytes"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
)

// socketPair returns both ends of a connection of unix sockets.
func socketPair(t *testing.T) (near, far *net.UnixConn) {
	t.Helper()
	addr := &net.UnixAddr{Net: "unix", Name: freeAddr(t, unixSocket).Address}
	l, err := net.ListenUnix("unix", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if near, err = net.DialUnix("unix", nil, addr); err != nil {
		t.Fatal(err)
	}
	if far, err = l.AcceptUnix(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

// senders are that of this build, and the one of builds without the race detector.
func senders(c *net.UnixConn) []io.Writer {
	raw, _ := c.SyscallConn()
	w := &socketWriter{raw: raw}
	w.send = w.trySend
	return []io.Writer{sender(c), w}
}

// TestSender writes all there is, also where there is no room for it at once.
func TestSender(t *testing.T) {
	for i := range 2 {
		near, far := socketPair(t)
		w := senders(near)[i]
		got := make(chan []byte)
		go func() {
			all, _ := io.ReadAll(far)
			got <- all
		}()
		var want []byte
		for _, size := range []int{0, 1, 4096, 3 << 20, 0, 17} {
			b := bytes.Repeat([]byte{byte('a' + size%7)}, size)
			want = append(want, b...)
			if n, err := w.Write(b); n != size || err != nil {
				t.Errorf("%d bytes of %d: %v", n, size, err)
			}
		}
		near.CloseWrite()
		if !bytes.Equal(<-got, want) {
			t.Error("not what was written")
		}
	}
}

// TestSenderFails: errors are those of a net.Conn, with what was written before.
func TestSenderFails(t *testing.T) {
	for i := range 2 {
		near, far := socketPair(t)
		w := senders(near)[i]
		if n, err := w.Write([]byte("x")); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		far.Close()
		if n, err := w.Write([]byte("xy")); n != 0 || !errors.Is(err, syscall.EPIPE) {
			t.Errorf("the reader has gone: %d, %v", n, err)
		}
		near.Close()
		if n, err := w.Write([]byte("xy")); n != 0 || !errors.Is(err, net.ErrClosed) {
			t.Errorf("it is closed: %d, %v", n, err)
		}
		near, far = socketPair(t)
		w = senders(near)[i]
		ended := make(chan error)
		var n int
		go func() {
			var err error
			n, err = w.Write(make([]byte, 8<<20))
			ended <- err
		}()
		if _, err := io.ReadFull(far, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		near.Close() // within a write
		if err := <-ended; !errors.Is(err, net.ErrClosed) || n < 1<<20 || n >= 8<<20 {
			t.Errorf("closed meanwhile: %d, %v", n, err)
		}
	}
}

// TestSenderOfOthers: what is no unix socket is written to as ever.
func TestSenderOfOthers(t *testing.T) {
	near, _ := net.Pipe()
	if w := sender(near); w != io.Writer(near) {
		t.Errorf("got %T", w)
	}
}
