/** The remainders of all bytes by the polynomial of zip archives. */
const table = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let i = 0; i < 8; i++) remainder = (remainder & 1 ? 0xedb88320 : 0) ^ (remainder >>> 1)
  return remainder
})

/** The CRC-32 by which zip archives tell whether their files are whole. */
export const crc32 = (bytes: Uint8Array): number => {
  let remainder = -1
  for (let i = 0; i < bytes.length; i++) remainder = table[(remainder ^ bytes[i]!) & 255]! ^ (remainder >>> 8)
  return ~remainder >>> 0
}
