package har

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// how a moment was understood.
type how int

const (
	momentExact how = iota // RFC 3339
	momentOdd              // in another form
	momentNoZone
	momentUnknown
)

// parseMoment reads a time as programs write it. What was before computers had
// networks, or will be when they count nanoseconds no more, is what stands for no
// time in some of them.
func parseMoment(s string) (time.Time, how) {
	at, h := anyMoment(s)
	if y := at.Year(); h == momentUnknown || y < 1970 || y > 2261 {
		return time.Time{}, momentUnknown
	}
	return at, h
}

func anyMoment(s string) (time.Time, how) {
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at, momentExact
	}
	s = strings.TrimSpace(s)
	if at, ok := epoch(strings.TrimSuffix(strings.TrimPrefix(s, "/Date("), ")/")); ok {
		return at, momentOdd
	}
	if at, h := isoMoment(s); h != momentUnknown {
		return at, h
	}
	return namedMoment(s)
}

// isoForm is ISO 8601, and what is like it: another separator, decimals behind a
// comma, no seconds, a zone of any form, or none.
var isoForm = regexp.MustCompile(`^(\d{4})([-/.]?)(\d\d?)([-/.]?)(\d\d?)(?:(?:[Tt_,]\s*|\s+)(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,:](\d+))?)?\s*(?:([Zz]|UTC|GMT|[-+]\d\d?:?(?:\d\d)?(?:\s+[A-Z]+)?)(?:\s+m=.*)?)?)?$`)

func isoMoment(s string) (time.Time, how) {
	m := isoForm.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, momentUnknown
	}
	var n [6]int
	for i, part := range []int{1, 3, 5, 6, 7, 8} {
		n[i], _ = strconv.Atoi(m[part])
	}
	nsec, _ := strconv.Atoi((m[9] + "000000000")[:9])
	zone, h := zoneOf(m[10])
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 24 || n[4] > 59 || n[5] > 60 {
		return time.Time{}, momentUnknown
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], nsec, zone), h
}

// zoneOf returns the zone that s is.
func zoneOf(s string) (*time.Location, how) {
	s, _, _ = strings.Cut(s, " ")
	switch {
	case s == "":
		return time.UTC, momentNoZone
	case s[0] != '+' && s[0] != '-':
		return time.UTC, momentOdd
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	h, _ := strconv.Atoi(digits[:2])
	m, _ := strconv.Atoi(digits[2:])
	offset := (h*60 + m) * 60
	if s[0] == '-' {
		offset = -offset
	}
	return time.FixedZone("", offset), momentOdd
}

// epoch reads seconds since 1970, or their thousandths, millionths and so on: by
// how large the number is.
func epoch(s string) (time.Time, bool) {
	if strings.ContainsAny(s, "eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Abs(f) >= math.MaxInt64 {
			return time.Time{}, false
		}
		s = strconv.FormatFloat(f, 'f', -1, 64)
	}
	whole, decimals, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 1e8 || strings.Trim(decimals, "0123456789") != "" {
		return time.Time{}, false
	}
	digits := 9 // of a second
	for limit := int64(maxSeconds); n >= limit && digits > 0; limit *= 1000 {
		digits -= 3
		if limit > math.MaxInt64/1000 {
			break
		}
	}
	return unixTime(n, decimals, digits), true
}

// maxSeconds is more than the seconds of any time, and less than the
// milliseconds of those that computers have seen.
const maxSeconds = 1e11

// unixTime returns the moment that has so many units since 1970, and decimals of
// one, of which 10^digits nanoseconds are one.
func unixTime(n int64, decimals string, digits int) time.Time {
	unit := int64(math.Pow10(digits))
	part, _ := strconv.ParseInt((decimals + "000000000")[:digits], 10, 64)
	perSecond := int64(time.Second) / unit
	return time.Unix(n/perSecond, n%perSecond*unit+part).UTC()
}

// behindZone is what JavaScript writes behind a time.
var behindZone = regexp.MustCompile(`\s*\([^)]*\)$`)

// namedMoment reads times with names of months, and those that people write.
func namedMoment(s string) (time.Time, how) {
	s = behindZone.ReplaceAllString(strings.Join(strings.Fields(s), " "), "")
	s = strings.Replace(s, "GMT+", "+", 1)
	s = strings.Replace(s, "GMT-", "-", 1)
	for _, layout := range zonedForms {
		if at, err := time.Parse(layout, s); err == nil {
			return at, momentOdd
		}
	}
	for _, layout := range localForms {
		if at, err := time.Parse(layout, s); err == nil {
			return at, momentNoZone
		}
	}
	return time.Time{}, momentUnknown
}

var zonedForms = []string{
	"Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700",
	"Monday, 2-Jan-06 15:04:05 MST", "Mon, 2-Jan-2006 15:04:05 MST", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006",
	"Mon Jan 2 2006 15:04:05 -0700", "Mon Jan 2 2006 15:04:05 MST", "2/Jan/2006:15:04:05 -0700",
}

// Of numbers between slashes the month comes first, as in Fiddler and browsers in
// English.
var localForms = []string{
	"Mon Jan 2 15:04:05 2006", "Mon Jan 2 2006 15:04:05", "Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05", "Jan 2, 2006 15:04:05",
	"1/2/2006, 3:04:05 PM", "1/2/2006 3:04:05 PM", "1/2/2006, 15:04:05", "1/2/2006 15:04:05",
	"2006-01-02 3:04:05 PM", "2.1.2006 15:04:05", "2.1.2006, 15:04:05",
}

// epochTime reads seconds since 1970, exactly if they have up to nine decimals.
// Some programs write milliseconds, or less.
func epochTime(n json.Number) time.Time {
	if at, ok := epoch(n.String()); ok {
		return at
	}
	f, err := n.Float64()
	if err != nil || f < 0 || f >= maxSeconds {
		return time.Time{}
	}
	return time.UnixMicro(int64(f * 1e6)).UTC()
}
