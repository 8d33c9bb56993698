export const start = async () => {}
