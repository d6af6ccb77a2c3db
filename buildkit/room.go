package buildkit

// Room is the memory of the Views that share it: each may remember as much as any build
// has, and hostile traffic may have as many as it likes. The zero value is ready.
type Room struct{ taken int }

// maxRoom bounds what all of them remember, in bytes: that of a dozen large builds.
const maxRoom = 4 << 20

// share is what one View has of a Room.
type share struct {
	room  *Room
	taken int
}

// take reports whether there is room for n more bytes, and takes it.
func (s *share) take(n int) bool {
	if s.room.taken+n > maxRoom {
		return false
	}
	s.room.taken += n
	s.taken += n
	return true
}

// give gives all of it back.
func (s *share) give() {
	s.room.taken -= s.taken
	s.taken = 0
}
