import Commands

await Gale.main()
