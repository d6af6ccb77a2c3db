package intercept

import (
	"encoding/binary"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// inodeOf returns the number of the socket of TCP that is connected from here to there,
// and whose it is; 0 if there is none. It asks for that one alone: on a machine with many
// connections /proc/net/tcp is long.
//
// Source: sock_diag(7), and linux/inet_diag.h.
func inodeOf(here, there *net.TCPAddr) (inode, uid uint32) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return 0, 0
	}
	defer unix.Close(fd)
	patience := unix.NsecToTimeval(diagPatience.Nanoseconds())
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &patience); err != nil {
		return 0, 0
	}
	if err := unix.Sendto(fd, diagRequest(here, there), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, 0
	}
	answer := make([]byte, os.Getpagesize())
	n, _, err := unix.Recvfrom(fd, answer, 0)
	if err != nil {
		return 0, 0
	}
	return diagAnswer(answer[:n])
}

// diagPatience is how long the kernel may take, which answers at once.
const diagPatience = 100 * time.Millisecond

// Of struct inet_diag_req_v2, inet_diag_sockid and inet_diag_msg.
const (
	diagHead  = unix.SizeofNlMsghdr
	diagAsks  = 8  // before the id in a request
	diagTells = 4  // before that in an answer
	diagID    = 48 // ports, addresses, interface, cookie
	diagUID   = diagHead + diagTells + diagID + 12
	diagInode = diagUID + 4
)

// diagRequest asks for one socket.
func diagRequest(here, there *net.TCPAddr) []byte {
	const sockDiagByFamily = 20
	family, from, to := byte(unix.AF_INET), []byte(here.IP.To4()), []byte(there.IP.To4())
	if from == nil || to == nil {
		family, from, to = unix.AF_INET6, here.IP.To16(), there.IP.To16()
	}
	order := binary.NativeEndian
	b := make([]byte, diagHead+diagAsks+diagID)
	order.PutUint32(b, uint32(len(b)))
	order.PutUint16(b[4:], sockDiagByFamily)
	order.PutUint16(b[6:], unix.NLM_F_REQUEST)
	b[diagHead], b[diagHead+1] = family, syscall.IPPROTO_TCP
	order.PutUint32(b[diagHead+4:], ^uint32(0)) // in any state
	id := b[diagHead+diagAsks:]
	binary.BigEndian.PutUint16(id, uint16(here.Port))
	binary.BigEndian.PutUint16(id[2:], uint16(there.Port))
	copy(id[4:20], from)
	copy(id[20:36], to)
	order.PutUint32(id[40:], ^uint32(0)) // no cookie
	order.PutUint32(id[44:], ^uint32(0))
	return b
}

// diagAnswer returns what the kernel has answered.
func diagAnswer(b []byte) (inode, uid uint32) {
	order := binary.NativeEndian
	const established = 1
	if len(b) < diagInode+4 || order.Uint16(b[4:]) == unix.NLMSG_ERROR || b[diagHead+1] != established {
		return 0, 0
	}
	return order.Uint32(b[diagInode:]), order.Uint32(b[diagUID:])
}
