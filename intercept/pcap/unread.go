package pcap

import (
	"cmp"
	"slices"
)

// maxUnread is how many kinds of packets are told apart that are not read: a file
// may name any number.
const maxUnread = 256

// Unread is packets of a kind that is not read.
type Unread struct {
	What    string // such as "ARP (EtherType 0x0806)"
	Packets int64
}

// unread counts packets that are not read, by what was not.
type unread map[announced]int64

func (u unread) count(what announced) {
	if u[what] == 0 && len(u) >= maxUnread {
		what = announced{by: byOther}
	}
	u[what]++
}

// sum returns all of it, most packets first.
func (u unread) sum() []Unread {
	var all []Unread
	for what, n := range u {
		all = append(all, Unread{what.String(), n})
	}
	return AddUnread(nil, all)
}

// AddUnread returns the packets of both, most first.
func AddUnread(a, b []Unread) []Unread {
	sum := slices.Clone(a)
	for _, u := range b {
		i := slices.IndexFunc(sum, func(s Unread) bool { return s.What == u.What })
		if i < 0 {
			sum = append(sum, u)
		} else {
			sum[i].Packets += u.Packets
		}
	}
	slices.SortFunc(sum, func(a, b Unread) int {
		return cmp.Or(cmp.Compare(b.Packets, a.Packets), cmp.Compare(a.What, b.What))
	})
	return sum
}
