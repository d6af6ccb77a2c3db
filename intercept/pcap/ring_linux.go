package pcap

import (
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// blockSize is more than a packet has, even one that the network card, or
	// the other end of a loopback, takes in place of many.
	blockSize = 512 << 10
	// blockCount is how many blocks there are. Few packets need as many of
	// them as many packets in the same time: with these, the reader may pause
	// for half a second at least.
	blockCount = 128
	// retire is how many milliseconds a block is filled for. Packets are seen
	// at most twice as late.
	retire = 4
)

// ring is memory that the kernel writes packets to, and take reads them from,
// without system calls and copies (TPACKET_V3, packet_mmap in the documentation
// of Linux). It consists of blocks, each of which is the kernel's until it is
// full or old, and ours until it was read. If none is the kernel's, it drops
// packets, and counts them.
type ring struct {
	memory []byte
	link   uint16 // of all packets
	block  int    // that is ours, or will be next
	ours   bool
	left   uint32 // packets in it
	at     int    // where in memory the next of them is
}

// newRing gives the socket a ring.
func newRing(fd int, link uint16) (*ring, error) {
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3); err != nil {
		return nil, os.NewSyscallError("set the version of packets", err)
	}
	request := &unix.TpacketReq3{
		Block_size: blockSize, Block_nr: blockCount,
		Frame_size: blockSize, Frame_nr: blockCount, // frames have the size of their packets
		Retire_blk_tov: retire,
	}
	if err := unix.SetsockoptTpacketReq3(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, request); err != nil {
		return nil, os.NewSyscallError("make a ring of packets", err)
	}
	memory, err := unix.Mmap(fd, 0, blockSize*blockCount, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("map the ring of packets", err)
	}
	return &ring{memory: memory, link: link}, nil
}

// take returns the next packet, whose data is valid until the next call. It
// reports whether there is one.
func (r *ring) take(p *packet) bool {
	for r.left == 0 {
		if r.ours {
			r.release()
		}
		b := r.head()
		if atomic.LoadUint32(&b.Block_status)&unix.TP_STATUS_USER == 0 {
			return false
		}
		r.ours, r.left = true, b.Num_pkts
		r.at = r.block*blockSize + int(b.Offset_to_first_pkt)
	}
	h := (*unix.Tpacket3Hdr)(unsafe.Pointer(&r.memory[r.at]))
	begin := r.at + int(h.Mac)
	*p = packet{
		time: time.Unix(int64(h.Sec), int64(h.Nsec)),
		link: r.link,
		data: r.memory[begin : begin+int(h.Snaplen)],
		// Without tags that the kernel has removed.
		length: int(h.Len),
	}
	r.left--
	r.at += int(h.Next_offset)
	return true
}

// head returns the header of the block.
func (r *ring) head() *unix.TpacketHdrV1 {
	d := (*unix.TpacketBlockDesc)(unsafe.Pointer(&r.memory[r.block*blockSize]))
	return (*unix.TpacketHdrV1)(unsafe.Pointer(&d.Hdr))
}

// release gives the block back, and goes on to the next.
func (r *ring) release() {
	atomic.StoreUint32(&r.head().Block_status, unix.TP_STATUS_KERNEL)
	r.block = (r.block + 1) % blockCount
	r.ours = false
}

// free unmaps the memory.
func (r *ring) free() error { return unix.Munmap(r.memory) }
