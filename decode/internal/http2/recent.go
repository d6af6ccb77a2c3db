package http2

// recent is streams that ended before their sides had ended them: what comes of them is
// no fault, as it was sent before its sender knew. The zero value is ready.
type recent struct {
	streams [64]uint32
	next    int
}

func (r *recent) add(stream uint32) {
	r.streams[r.next] = stream
	r.next = (r.next + 1) % len(r.streams)
}

func (r *recent) has(stream uint32) bool {
	for _, s := range r.streams {
		if s == stream {
			return true
		}
	}
	return false
}
