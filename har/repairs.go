package har

import "fmt"

// repair is a kind of what is not in a file as HAR 1.2 and JSON have it, and was
// read all the same, or left out alone.
type repair int

const (
	noZone repair = iota
	oddTime
	noTime
	oddNumber
	noNumber
	oddText
	nullMember
	oddMember
	oddPairs
	oddName
	twice
	oddBase64
	noBase64
	oddEncoding
	oddComma
	comment
	oddWord
	oddString
	cutText
	tooMuch
	tooDeep
	noQuery
	noMethod
	noStatus
	noNotes
	elsewhere
	noObject
	noRequest
	halfEntry
	endedEarly
	repairKinds
)

// repairTexts say what was found, and what was made of it.
var repairTexts = [repairKinds]string{
	noZone:      "times without a zone, taken for UTC",
	oddTime:     "times in another form than RFC 3339",
	noTime:      "entries without a time, which have that of the answer or of the entry before",
	oddNumber:   "numbers in another form than JSON's",
	noNumber:    "numbers that are none, left out",
	oddText:     "texts that are no strings, taken as they are written",
	nullMember:  "members that are null, taken as missing",
	oddMember:   "members that are something else than they should be, left out",
	oddPairs:    "pairs that are not listed by name and value",
	oddName:     "members in another spelling",
	twice:       "members that are there twice, of which the last counts",
	oddBase64:   "base64 with other letters, white space or no padding",
	noBase64:    "texts that are no base64 although they say so, taken as they are",
	oddEncoding: "texts in an unknown encoding, taken as they are",
	oddComma:    "commas or values too many or too few",
	comment:     "comments, left out",
	oddWord:     "words that are not JSON's",
	oddString:   "control characters and bad escapes in strings",
	cutText:     "texts cut, since a body has 32 MiB in memory and a line of a head 1 MiB",
	tooMuch:     "values left out, since an entry has 64 MiB in memory",
	tooDeep:     "values left out, since they are nested too deeply",
	noQuery:     "queries that are not in the URL",
	noMethod:    "requests without a method",
	noStatus:    "answers without a status",
	noNotes:     "entries with a member _socktrace that is not understood, read without it",
	elsewhere:   "entries that are not in log.entries",
	noObject:    "entries that are no object, left out",
	noRequest:   "entries without a request, left out",
	halfEntry:   "entries of which the end is missing, read as far as they go",
	endedEarly:  "connections and exchanges ended early, since too many are open",
}

// repairs counts them by kind: a file may need any number.
type repairs struct {
	entry int // the one that is read, from 1
	count [repairKinds]int
	first [repairKinds]int // the entry in which it was found first; 0: in none
}

func (r *repairs) add(k repair) {
	if r.count[k] == 0 {
		r.first[k] = r.entry
	}
	r.count[k]++
}

// list says what there was.
func (r *repairs) list() (all []string) {
	for k, n := range r.count {
		if n == 0 {
			continue
		}
		where := ""
		if first := r.first[k]; first > 0 {
			where = fmt.Sprintf(" (first in entry %d)", first)
		}
		all = append(all, fmt.Sprintf("%s: %d%s", repairTexts[k], n, where))
	}
	return all
}
