package pcap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// ngFile returns a pcapng file of IP packets.
func ngFile(all []frame) []byte {
	order := binary.BigEndian
	b := ngInterface(order, ngSection(order, nil), 0, 9, 0)
	for _, f := range all {
		b = ngPacket(order, b, false, 0, uint64(f.time.UnixNano()), f)
	}
	return b
}

// TestSeries cuts a capture into two files anywhere: the connection goes on in the
// second, whatever forms they have.
func TestSeries(t *testing.T) {
	all := frames(hello)
	for cut := range len(all) + 1 {
		for _, files := range [][2][]byte{
			{rawFile(all[:cut]), rawFile(all[cut:])},
			{ngFile(all[:cut]), pcapFile(binary.BigEndian, time.Microsecond, linkRaw, all[cut:])},
			{rawFile(all[:cut]), ngFile(all[cut:])},
		} {
			c := new(collector)
			r := NewReader(asked, c.tap)
			for _, file := range files {
				if err := r.Read(t.Context(), bytes.NewReader(file)); err != nil {
					t.Error(err)
				}
			}
			stats := r.Close()
			if len(c.conns) != 1 || said(c.conns[0]) != helloSaid || stats.Packets != int64(len(all)) || stats.Gaps != 0 {
				t.Errorf("cut behind %d packets: %d connections, %+v", cut, len(c.conns), stats)
			}
		}
	}
}

// TestSeriesBroken has a file that ends within a packet, and one that is none: the
// others are read.
func TestSeriesBroken(t *testing.T) {
	all := frames(hello)
	c := new(collector)
	r := NewReader(asked, c.tap)
	torn := rawFile(all[:4])
	for _, f := range []struct {
		file []byte
		want string
	}{
		{rawFile(all[:3]), ""},
		{torn[:len(torn)-1], "behind 3 whole ones"},
		{[]byte("no capture"), "neither pcap nor pcapng"},
		{rawFile(all[3:]), ""},
	} {
		err := r.Read(t.Context(), bytes.NewReader(f.file))
		if (err != nil) != (f.want != "") || err != nil && !strings.Contains(err.Error(), f.want) {
			t.Errorf("got %v, want %s", err, f.want)
		}
	}
	if stats := r.Close(); len(c.conns) != 1 || !stats.Torn || said(c.conns[0]) != helloSaid {
		t.Errorf("%d connections, %+v", len(c.conns), stats)
	}
}

// TestSeriesNumbers reads recordings of ours: each has connections of its own.
func TestSeriesNumbers(t *testing.T) {
	one := record(t, sessions(t)[:3])
	var ids []int
	r := NewReader(asked, func(c *wire.Conn) wire.Tap {
		ids = append(ids, c.ID)
		return wire.Taps{}
	})
	for range 2 {
		if err := r.Read(t.Context(), bytes.NewReader(one)); err != nil {
			t.Error(err)
		}
	}
	r.Close()
	if len(ids) != 6 || ids[0] != 1 || ids[3] != 4 || ids[5] != 6 {
		t.Errorf("got %v", ids)
	}
}

// TestBegan tells when captures begin.
func TestBegan(t *testing.T) {
	all := frames(hello)
	for _, file := range [][]byte{rawFile(all), ngFile(all)} {
		if at, err := Began(bytes.NewReader(file)); err != nil || !at.Equal(captured) {
			t.Errorf("%v, %v", at, err)
		}
	}
	if _, err := Began(bytes.NewReader(rawFile(nil))); err != io.EOF {
		t.Errorf("without packets: %v", err)
	}
	if _, err := Began(strings.NewReader("x")); !errors.Is(err, errFormat) {
		t.Errorf("no capture: %v", err)
	}
}
