package content

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// tarRecords are what stands before an entry and says more of it than its header can:
// pax records (POSIX.1-2017, pax, "pax Extended Header"), and GNU's long names. What is
// nil says nothing.
type tarRecords struct {
	path, link     []byte
	size, uid, gid *int64
	mtime          *time.Time
	sparse         bool
	real           *int64 // size of a sparse file
	sparsePath     []byte
	longName       []byte
	longLink       []byte
}

// announce notes what stands before an entry, under a header with this flag. It returns
// false if it is malformed: what was understood counts.
func (r *tarRecords) announce(global *tarRecords, flag byte, b []byte) bool {
	switch flag {
	case tarLongName:
		r.longName, _ = paxText(untilZero(b))
	case tarLongLink:
		r.longLink, _ = paxText(untilZero(b))
	case tarGlobal:
		var more tarRecords
		ok := more.take(b)
		*global = more.over(global)
		return ok
	default:
		*r = tarRecords{longName: r.longName, longLink: r.longLink}
		return r.take(b)
	}
	return true
}

// take reads pax records: "size key=value\n". It returns false if one is malformed.
func (r *tarRecords) take(b []byte) bool {
	for len(b) > 0 {
		size, _, ok := bytes.Cut(b, []byte(" "))
		n, err := strconv.ParseInt(string(size), 10, 32)
		if !ok || err != nil || int(n) > len(b) || int(n) < len(size)+3 || b[n-1] != '\n' {
			return false
		}
		key, value, ok := bytes.Cut(b[len(size)+1:n-1], []byte("="))
		if !ok || len(key) == 0 || !r.set(string(key), value) {
			return false
		}
		b = b[n:]
	}
	return true
}

// set notes one record. An empty value says that there is none.
func (r *tarRecords) set(key string, value []byte) bool {
	ok := true
	switch key {
	case "path":
		r.path, ok = paxText(value)
	case "linkpath":
		r.link, ok = paxText(value)
	case "GNU.sparse.name":
		r.sparsePath, ok = paxText(value)
	case "size":
		r.size, ok = paxNumber(value)
	case "uid":
		r.uid, ok = paxNumber(value)
	case "gid":
		r.gid, ok = paxNumber(value)
	case "GNU.sparse.size", "GNU.sparse.realsize":
		r.real, ok = paxNumber(value)
	case "mtime":
		r.mtime, ok = paxTime(string(value))
	}
	r.sparse = r.sparse || strings.HasPrefix(key, "GNU.sparse.")
	return ok
}

func paxText(b []byte) ([]byte, bool) {
	if len(b) == 0 || bytes.IndexByte(b, 0) >= 0 {
		return nil, len(b) == 0
	}
	return bytes.Clone(b[:min(len(b), maxTarName+1)]), true
}

func paxNumber(b []byte) (*int64, bool) {
	if len(b) == 0 {
		return nil, true
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return nil, false
	}
	return &n, true
}

// paxTime reads seconds since 1970, which may have decimals.
func paxTime(s string) (*time.Time, bool) {
	if s == "" {
		return nil, true
	}
	whole, part, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if strings.Trim(part, "0123456789") != "" || err != nil {
		return nil, false
	}
	const digits = 9 // of nanoseconds
	nanos, _ := strconv.ParseInt((part + strings.Repeat("0", digits))[:digits], 10, 64)
	if strings.HasPrefix(whole, "-") {
		nanos = -nanos
	}
	t := time.Unix(seconds, nanos)
	return &t, true
}

// over returns what r and, where it says nothing, global say.
func (r tarRecords) over(global *tarRecords) tarRecords {
	if r.path == nil {
		r.path = global.path
	}
	if r.link == nil {
		r.link = global.link
	}
	if r.size == nil {
		r.size = global.size
	}
	if r.uid == nil {
		r.uid = global.uid
	}
	if r.gid == nil {
		r.gid = global.gid
	}
	if r.mtime == nil {
		r.mtime = global.mtime
	}
	return r
}

// apply makes h what the records say.
func (r *tarRecords) apply(h *tarHeader) {
	if r.path != nil {
		h.name = r.path
	}
	if r.link != nil {
		h.link = r.link
	}
	if r.size != nil {
		h.stored, h.size = *r.size, *r.size
	}
	if r.uid != nil {
		h.uid = *r.uid
	}
	if r.gid != nil {
		h.gid = *r.gid
	}
	if r.mtime != nil {
		h.mtime = *r.mtime
	}
	if r.sparse {
		h.sparse = true
		if r.real != nil {
			h.size = *r.real
		}
		if r.sparsePath != nil {
			h.name = r.sparsePath
		}
	}
	if r.longName != nil {
		h.name = r.longName
	}
	if r.longLink != nil {
		h.link = r.longLink
	}
}
