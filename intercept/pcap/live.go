package pcap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// AnyInterface stands for all network interfaces that there are, and will be.
// What crosses several of them, as packets of containers do, is seen several
// times, and counted as Stats.Repeated.
const AnyInterface = "any"

// Interface is a network interface whose TCP packets are captured. It needs
// Linux, and the capability CAP_NET_RAW.
type Interface struct {
	name string
	port uint16
	live live
}

// live is a source of packets that come as time goes by. Its next waits for a
// packet, and fails with errQuiet if none has come for a while, and with io.EOF
// behind the last one before stop.
type live interface {
	source
	stop()                   // take no more packets; any goroutine may call it
	dropped() (int64, error) // packets that there was no room for
	io.Closer
}

// errQuiet is the error of a live source that has nothing to give for now.
var errQuiet = errors.New("no packet has come")

// OpenInterface begins to capture: packets are kept from now on, in a ring of
// 64 MiB, for Read to take them. Those of TCP over IPv4 or IPv6 are, with a
// port only those from or to it; 0 is all ports.
//
// It fails with an error that is os.ErrPermission without the privilege,
// errors.ErrUnsupported on systems other than Linux, and ErrNoInterface if
// there is none of that name.
func OpenInterface(name string, port uint16) (*Interface, error) {
	l, err := openLive(name, port)
	if err != nil {
		return nil, fmt.Errorf("sniff %s: %w", name, err)
	}
	return &Interface{name, port, l}, nil
}

// ErrNoInterface is the error of a name that no network interface has.
var ErrNoInterface = errors.New("no such network interface")

// Read is Read for the packets of an interface. Chunks are shown some
// milliseconds after their packets have come. It returns soon after ctx has
// ended, which is no error, and shows what came before that. It fails if the
// interface goes down. It may be called once.
func (i *Interface) Read(ctx context.Context, o Options, newTap func(*wire.Conn) wire.Tap) (Stats, error) {
	rd := newReader(o, newTap)
	rd.port = i.port
	defer context.AfterFunc(ctx, i.live.stop)()
	err := rd.follow(i.live)
	rd.finish()
	var e error
	if rd.stats.Dropped, e = i.live.dropped(); err == nil {
		err = e
	}
	if err != nil {
		err = fmt.Errorf("sniff %s: %w", i.name, err)
	}
	return rd.stats, err
}

// Close ends the capture. Read must have returned.
func (i *Interface) Close() error { return i.live.Close() }

// follow takes packets until there are no more.
func (r *reader) follow(l live) error {
	var p packet
	for {
		switch err := l.next(&p); err {
		case nil:
			r.packet(&p)
		case errQuiet:
			r.quiet(time.Now())
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

// quiet notes that no packets come: those that are missing are not waited for
// any longer because of that.
func (r *reader) quiet(now time.Time) {
	r.now = now
	r.hurry()
}
