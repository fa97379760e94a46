/*
 * Members that the page alone knows: in what browsers get they have short names, which makes it 200 bytes smaller. A name that
 * travels to the worker or the server, one of the platform, and one that is used as a string must not stand here; a test looks
 * after that.
 */
export const pageNames: readonly string[] = `
  activate address askedAt choose cleared clearedAt complaints counted descending helping inside loaded
  markup minute minutes paint pressed problem problemSince restartedAt restartsInLastMinute reveal scroller
  second setOpen structure told troubled whole
`
  .trim()
  .split(/\s+/);
