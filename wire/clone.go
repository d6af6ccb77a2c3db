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

// DataBytes is how much memory ev holds of the traffic, in bytes: what a bounded
// queue counts. Fields count as they are, since HTTP/2 sends few bytes for many
// (RFC 7541).
func DataBytes(ev Event) int {
	switch ev := ev.(type) {
	case *Message:
		return len(ev.Data) + len(ev.Name) + len(ev.Type)
	case *Body:
		return len(ev.Data) + fieldBytes(ev.Trailer) + filesBytes(ev.Files)
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
		return len(ev.Target) + fieldBytes(ev.Fields)
	case *Response:
		return len(ev.Reason) + fieldBytes(ev.Fields)
	case *Anomaly:
		return len(ev.Detail)
	case *TLS:
		return len(ev.ServerName) + certificateBytes(ev.Client) + certificateBytes(ev.Server)
	}
	return 0
}

// certificateBytes returns how much memory certificates hold.
func certificateBytes(certs []Certificate) int {
	n := 0
	for i := range certs {
		c := &certs[i]
		n += perField + len(c.Subject) + len(c.Issuer) + len(c.Fingerprint)
		for _, name := range c.Names {
			n += len(name)
		}
	}
	return n
}

// HeldBytes is how much memory x holds of the traffic, with all its parts, in
// bytes.
func HeldBytes(x *Exchange) int {
	n := DataBytes(x) + AboutBytes(x) + SaidBytes(x)
	if x.Request != nil {
		n += DataBytes(x.Request)
	}
	if x.Response != nil {
		n += DataBytes(x.Response)
	}
	for _, p := range x.Interim {
		n += DataBytes(p)
	}
	for _, a := range x.Anomalies {
		n += DataBytes(a)
	}
	for _, b := range [...]*Body{x.RequestBody, x.ResponseBody} {
		if b != nil {
			n += fieldBytes(b.Trailer) + filesBytes(b.Files)
		}
	}
	return n
}

// AboutBytes is how much memory subject, details and outcome of x hold, in bytes.
func AboutBytes(x *Exchange) int {
	s := &x.Subject
	n := len(s.ID) + len(s.Name) + len(s.Container) + len(x.Outcome.Error)
	for i := range x.Details {
		n += perField + len(x.Details[i].Name) + len(x.Details[i].Value)
	}
	return n
}

// SaidBytes is how much memory what is said of x holds, in bytes.
func SaidBytes(x *Exchange) int {
	if x.Said == nil {
		return 0
	}
	n := perField + len(x.Said.Asks) + len(x.Said.Brief)
	if m := x.Said.Answer; m != nil {
		n += perField + len(m.Means) + len(m.Raises) + len(m.Prints) + len(m.Try)
	}
	return n
}

// perField is what a field holds beside its text.
const perField = 64

// fieldBytes returns how much memory fields hold. Name and value are parts of
// the line, if there is one.
func fieldBytes(fields []Field) int {
	n := perField * len(fields)
	for i := range fields {
		f := &fields[i]
		n += max(len(f.Line), len(f.Name)+len(f.Value))
	}
	return n
}
