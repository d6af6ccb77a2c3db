package wire

import "bytes"

// Clone returns an event that stays valid after the call that delivered ev has
// returned. Only Message borrows memory from its sender; every other event is
// left alone once it was sent, and is returned as it is.
func Clone(ev Event) Event {
	m, ok := ev.(*Message)
	if !ok {
		return ev
	}
	c := *m
	c.Data = bytes.Clone(m.Data)
	return &c
}

// DataBytes is how many bytes of traffic ev holds: what a bounded queue counts.
func DataBytes(ev Event) int {
	switch ev := ev.(type) {
	case *Message:
		return len(ev.Data)
	case *Body:
		return len(ev.Data)
	case *Exchange:
		n := 0
		if ev.RequestBody != nil {
			n += len(ev.RequestBody.Data)
		}
		if ev.ResponseBody != nil {
			n += len(ev.ResponseBody.Data)
		}
		return n
	case *Request:
		return int(ev.HeadBytes)
	case *Response:
		return int(ev.HeadBytes)
	}
	return 0
}
