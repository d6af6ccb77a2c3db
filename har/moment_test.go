package har

import (
	"testing"
	"time"
)

// TestMoments reads times in all forms that programs give them. What stands for
// none is none.
func TestMoments(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ms, sec := at.Add(678*time.Millisecond), at
	minute := at.Truncate(time.Minute)
	for text, want := range map[string]struct {
		at  time.Time
		how how
	}{
		"2026-01-02T03:04:05.678Z":              {ms, momentExact},
		"2026-01-02T03:04:05.678+00:00":         {ms, momentExact},
		"2026-01-02T05:04:05.678+02:00":         {ms, momentExact},
		"2026-01-02T03:04:05.678901234Z":        {at.Add(678901234), momentExact},
		"2026-01-02T03:04:05.6789012345678Z":    {at.Add(678901234), momentExact},
		"2026-01-02T03:04:05,678Z":              {ms, momentExact},
		"2026-01-02T03:04:05.678":               {ms, momentNoZone},
		"2026-01-02T03:04:05":                   {sec, momentNoZone},
		"2026-01-02T03:04":                      {minute, momentNoZone},
		"2026-01-02T03:04Z":                     {minute, momentOdd},
		"2026-01-02":                            {time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), momentNoZone},
		"2026-01-02T03:04:05.678+0000":          {ms, momentOdd},
		"2026-01-01T21:34:05.678-0530":          {ms, momentOdd},
		"2026-01-02T05:04:05.678+02":            {ms, momentOdd},
		"2026-01-02T05:04:05.678+2":             {ms, momentOdd},
		"2026-01-02T05:04:05.678+2:00":          {ms, momentOdd},
		"2026-01-02t03:04:05.678z":              {ms, momentOdd},
		"2026-01-02 03:04:05.678Z":              {ms, momentOdd},
		"2026-01-02 03:04:05.678":               {ms, momentNoZone},
		"2026-01-02 03:04:05,678":               {ms, momentNoZone},
		"2026-01-02 03:04:05:678":               {ms, momentNoZone},
		"2026-01-02  03:04:05.678 UTC":          {ms, momentOdd},
		"2026-01-02 03:04:05.678 GMT":           {ms, momentOdd},
		"2026-01-02 05:04:05.678 +0200 CEST":    {ms, momentOdd},
		"2026-01-02 03:04:05.678 +0000 UTC":     {ms, momentOdd},
		"2026-01-02 03:04:05 +0000 UTC m=+0.01": {sec, momentOdd},
		" 2026-01-02T03:04:05.678Z\n":           {ms, momentOdd},
		"2026/01/02 03:04:05":                   {sec, momentNoZone},
		"2026-1-2 3:04:05":                      {sec, momentNoZone},
		"20260102T030405Z":                      {sec, momentOdd},
		"20260102T030405.678Z":                  {ms, momentOdd},
		"2026-01-02T24:00:00Z":                  {time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), momentOdd},
		"2026-01-02T03:04:60Z":                  {minute.Add(time.Minute), momentOdd},
		"1767323045":                            {sec, momentOdd},
		"1767323045.678":                        {ms, momentOdd},
		"1767323045,678":                        {ms, momentOdd},
		"1767323045678":                         {ms, momentOdd},
		"1767323045678.25":                      {ms.Add(250 * time.Microsecond), momentOdd},
		"1767323045678000":                      {ms, momentOdd},
		"1767323045678000000":                   {ms, momentOdd},
		"1.767323045678e12":                     {ms, momentOdd},
		"/Date(1767323045678)/":                 {ms, momentOdd},
		"Fri, 02 Jan 2026 03:04:05 GMT":         {sec, momentOdd},
		"Fri, 2 Jan 2026 03:04:05 +0000":        {sec, momentOdd},
		"Friday, 02-Jan-26 03:04:05 GMT":        {sec, momentOdd},
		"Fri, 02-Jan-2026 03:04:05 GMT":         {sec, momentOdd},
		"Fri Jan  2 03:04:05 2026":              {sec, momentNoZone},
		"Fri Jan  2 03:04:05 UTC 2026":          {sec, momentOdd},
		"Fri Jan 02 2026 05:04:05 GMT+0200 (Central European Summer Time)": {sec, momentOdd},
		"Fri, 02 Jan 2026 03:04:05":                                        {sec, momentNoZone},
		"02/Jan/2026:03:04:05 +0000":                                       {sec, momentOdd},
		"1/2/2026, 3:04:05 AM":                                             {sec, momentNoZone},
		"1/2/2026 3:04:05 AM":                                              {sec, momentNoZone},
		"01/02/2026 03:04:05":                                              {sec, momentNoZone},
		"2.1.2026, 03:04:05":                                               {sec, momentNoZone},

		"":                                {time.Time{}, momentUnknown},
		"soon":                            {time.Time{}, momentUnknown},
		"0":                               {time.Time{}, momentUnknown},
		"-1":                              {time.Time{}, momentUnknown},
		"12.5":                            {time.Time{}, momentUnknown},
		"9999999999999999999999":          {time.Time{}, momentUnknown},
		"1e300":                           {time.Time{}, momentUnknown},
		"NaN":                             {time.Time{}, momentUnknown},
		"2026-13-02T03:04:05Z":            {time.Time{}, momentUnknown},
		"2026-01-32T03:04:05Z":            {time.Time{}, momentUnknown},
		"2026-00-02T03:04:05":             {time.Time{}, momentUnknown},
		"2026-01-00T03:04:05":             {time.Time{}, momentUnknown},
		"2026-01-02T25:04:05":             {time.Time{}, momentUnknown},
		"2026-01-02T03:60:05":             {time.Time{}, momentUnknown},
		"2026-01-02T03:04:61":             {time.Time{}, momentUnknown},
		"2026-01-02T03:04:05Zoo":          {time.Time{}, momentUnknown},
		"0001-01-01T00:00:00Z":            {time.Time{}, momentUnknown},
		"0001-01-01T00:00:00":             {time.Time{}, momentUnknown},
		"1969-12-31T23:59:59.999Z":        {time.Time{}, momentUnknown},
		"1970-01-01T00:00:00Z":            {time.Unix(0, 0), momentExact},
		"2261-12-31T23:59:59Z":            {time.Date(2261, 12, 31, 23, 59, 59, 0, time.UTC), momentExact},
		"9999-12-31T23:59:59.9999999":     {time.Time{}, momentUnknown},
		"2026-01-02T03:04:05.678+00:00:0": {time.Time{}, momentUnknown},
	} {
		got, how := parseMoment(text)
		if !got.Equal(want.at) || how != want.how {
			t.Errorf("%q: %v, %d; want %v, %d", text, got, how, want.at, want.how)
		}
	}
}
