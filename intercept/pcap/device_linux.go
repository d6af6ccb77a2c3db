package pcap

import (
	"errors"

	"golang.org/x/sys/unix"
)

// device is a network interface as the kernel knows it.
type device struct {
	index  int    // 0: all of them
	header uint16 // the kind of headers that its packets have (ARPHRD_…)
}

// findDevice looks for a network interface.
func findDevice(name string) (d device, err error) {
	if name == AnyInterface {
		return device{header: unix.ARPHRD_VOID}, nil
	}
	request, err := unix.NewIfreq(name)
	if err != nil { // no interface has such a name
		return d, ErrNoInterface
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return d, err
	}
	defer unix.Close(fd)
	if err = unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, request); errors.Is(err, unix.ENODEV) {
		return d, ErrNoInterface
	} else if err != nil {
		return d, err
	}
	d.index = int(request.Uint32())
	if err = unix.IoctlIfreq(fd, unix.SIOCGIFHWADDR, request); err != nil {
		return d, err
	}
	d.header = request.Uint16()
	return d, nil
}

// ethernet reports whether its packets begin with Ethernet headers.
func (d device) ethernet() bool {
	return d.header == unix.ARPHRD_ETHER || d.header == unix.ARPHRD_LOOPBACK
}

// link is the link type of what a socket gets.
func (d device) link() uint16 {
	if d.ethernet() {
		return linkEthernet
	}
	return linkRaw
}

// socketType is the type of a socket whose packets the link type describes. The
// kernel removes headers from those of SOCK_DGRAM, whatever they are.
func (d device) socketType() int {
	if d.ethernet() {
		return unix.SOCK_RAW
	}
	return unix.SOCK_DGRAM
}
